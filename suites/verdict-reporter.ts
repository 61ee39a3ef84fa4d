import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { JudgedCheck, Run } from '../harness/evidence.ts';
import { readRun } from '../harness/store.ts';

/** Writes the verdicts of the conformance tests, in the roster's order, to the file COFFERDAM_VERDICTS. */
export default class VerdictReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = process.env['COFFERDAM_VERDICTS'];
    const directory = process.env['COFFERDAM_RUN'];
    if (!file || !directory) return; // somebody runs the tests by hand, to read them
    const run = readRun(directory);
    const tests = new Map(
      [...modules].flatMap((module) => [...module.children.allTests()]).map((test) => [test.meta().planned, test]),
    );
    const verdicts = run.roster.map(
      (_, index) => tests.get(index)?.meta().verdict ?? undecided(run, index, tests.get(index)),
    );
    writeFileSync(file, JSON.stringify(verdicts));
  }
}

/** A test that threw, or never ran, decided nothing. */
function undecided(run: Run, index: number, test: TestCase | undefined): JudgedCheck {
  const planned = run.roster[index];
  const cell = run.cells.find((one) => one.id === planned?.cell);
  const path = run.network.paths.find((one) => one.id === planned?.path);
  const to = run.cells.find((one) => one.id === path?.to);
  const error = test?.result().errors?.[0]?.message ?? 'the test did not run';
  return {
    check: planned?.check ?? '',
    node: cell?.node ?? '',
    handler: cell?.handler ?? '',
    isolationClass: cell?.isolationClass ?? null,
    ...(to && { to: { node: to.node, handler: to.handler } }),
    verdict: 'inconclusive',
    reason: `judging failed: ${error}`,
    expected: 'a verdict',
    observed: error,
    control: 'none',
  };
}
