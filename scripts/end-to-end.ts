import { inOrderOf } from '../prove/sample.ts';

/** Minutes after its start in which `npm test` begins another file of end-to-end tests. Those that were begun are finished. */
export const minutesToBegin = 25;

/** The files of end-to-end tests, the one on which all rests first, and then those that take little time. */
const always = [
  'harness/conformance.e2e.test.ts',
  'cli/commands.e2e.test.ts',
  'fixtures/cluster/cluster.e2e.test.ts',
  'fixtures/cluster/closed-network.e2e.test.ts',
  'fixtures/runtimes/microvm/microvm.e2e.test.ts',
];
/** Each takes half an hour of an emulated node on a slow machine. */
const inTurns = ['harness/paths.e2e.test.ts', 'prove/prove.e2e.test.ts'];

/** In which order they run. Of the two that may have to be left out, the commit decides which comes first. */
export const endToEndFiles = (commit: string): string[] => [...always, ...inOrderOf(commit, inTurns, (file) => file)];
