import { describe, expect, test } from 'vitest';
import { attribution, podView } from './attribution.ts';
import { judgeAttempt } from './judge.ts';
import { proveKernel } from './kernel.ts';
import { cellOf, evidenceOf, gvisor, nodeBoot, runc, subject, witness } from './testing/evidence.ts';
import type { WitnessTells } from './testing/evidence.ts';
import { nodeView } from './witness.ts';

const prove = (container: ReturnType<typeof subject>, tells?: WitnessTells) => {
  const evidence = evidenceOf([witness(tells), subject(runc, nodeBoot), container]);
  return proveKernel(container, nodeView(evidence, 'n'), evidence).answer;
};

describe("the node's kernel is proved", () => {
  test('by the process in its table', () => expect(prove(subject(runc, nodeBoot))).toBe('node'));
  test('by the process alone, when the boot id is faked', () =>
    expect(prove(subject(gvisor, 'faked'), { marks: ['runc', 'runsc'] })).toBe('node'));
  test('by the boot id alone, when the process was missed', () =>
    expect(prove(subject(gvisor, nodeBoot))).toBe('node'));
});

describe('another kernel is proved', () => {
  test('when neither shows, and the same witness found the reference', () =>
    expect(prove(subject(gvisor, 'own'))).toBe('another'));
});

describe('nothing is proved', () => {
  test.each<[string, ReturnType<typeof subject>, WitnessTells]>([
    ['without the reference being found', subject(gvisor, 'own'), { marks: [] }],
    ['when the witness went away', subject(gvisor, 'own'), { complete: false }],
    ['when the witness did not see the pod', subject(gvisor, 'own'), { pods: ['runc'] }],
    ['when the container shows no boot id', subject(gvisor, undefined), {}],
    ['when the container did not end', subject(gvisor, 'own', { complete: false, cause: 'cut' }), {}],
  ])('%s', (_, container, tells) => expect(prove(container, tells)).toBe('unknown'));
  test('without a witness', () => {
    const container = subject(gvisor, 'own');
    expect(proveKernel(container, undefined, evidenceOf([container])).answer).toBe('unknown');
  });
});

const sentry = {
  podUid: 'uid-runsc',
  exe: '/usr/local/bin/runsc',
  argv: 'runsc-sandbox --root=/run boot',
  comm: 'exe',
};
const qemu = {
  podUid: 'uid-runsc',
  exe: '/opt/kata/bin/qemu-system-x86_64',
  argv: '/opt/kata/bin/qemu-system-x86_64 -name sandbox',
  comm: 'qemu-system-x86',
};
const verdictOf = (cell: typeof gvisor, bootId: string, tells: WitnessTells, about = attribution) => {
  const evidence = evidenceOf([witness(tells), subject(runc, nodeBoot), subject(cell, bootId)], {
    cells: [runc, cell],
  });
  return judgeAttempt({ kind: 'stopped', by: ['absent'] }, about(cell, nodeView(evidence, cell.node), evidence)).verdict;
};
const kata = cellOf('runsc', 'guest-kernel');

describe('a handler', () => {
  test('that is what it claims is held', () => {
    expect(verdictOf(gvisor, 'own', { processes: [sentry] })).toBe('held');
    expect(verdictOf(kata, 'own', { processes: [qemu] })).toBe('held');
  });
  test('that is runc under another name is breached', () => {
    expect(verdictOf(gvisor, nodeBoot, { marks: ['runc', 'runsc'] })).toBe('breached');
    expect(verdictOf(kata, nodeBoot, { marks: ['runc', 'runsc'] })).toBe('breached');
  });
  test('that is another sandbox than it claims is breached', () => {
    expect(verdictOf(kata, 'own', { processes: [sentry] })).toBe('breached');
    expect(verdictOf(gvisor, 'own', { processes: [qemu] })).toBe('breached');
  });
  test('of which no sandbox is seen is inconclusive', () => expect(verdictOf(gvisor, 'own', {})).toBe('inconclusive'));
  test('whose witness did not find the reference is inconclusive', () =>
    expect(verdictOf(gvisor, 'own', { marks: [], processes: [sentry] })).toBe('inconclusive'));
});

test('from inside, a pod that shows the boot id of the node is not what it claims', () => {
  expect(verdictOf(gvisor, nodeBoot, {}, podView)).toBe('breached');
});
