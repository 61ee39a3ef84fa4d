import { describe, expect, test } from 'vitest';
import { confinement } from './confinement.ts';
import type { Cell, ContainerEvidence } from '../evidence.ts';
import { judgeAttempt } from './judge.ts';
import { markOf } from './kernel.ts';
import { loadCatalogue } from '../catalogue.ts';
import { cellOf, evidenceOf, gvisor, nodeBoot, runc, subject, witness } from '../testing/evidence.ts';
import type { WitnessTells } from '../testing/evidence.ts';
import { nodeView } from './witness.ts';

type Process = NonNullable<WitnessTells['processes']>[number];

const nodes = { user: '1', mnt: '2', pid: '3', ipc: '4' };
const own = { user: '11', mnt: '12', pid: '13', ipc: '14' };
const kernel = (rest: Partial<Process> = {}): Process => ({
  pid: 20,
  podUid: 'uid-runsc',
  comm: 'exe',
  exe: '',
  argv: 'runsc-sandbox boot',
  filtered: true,
  namespaces: own,
  ...rest,
});
const privileged: Process = {
  pid: 9,
  podUid: 'uid-runc',
  comm: 'probe',
  exe: '/probe',
  argv: markOf('privileged'),
  mark: markOf('privileged'),
  filtered: false,
};
const reference = subject(runc, nodeBoot, {
  profile: 'privileged',
  container: 'privileged',
  facts: { nonce: 'p', mark: markOf('privileged') },
});

interface Seen {
  processes?: Process[];
  cell?: Cell;
  containers?: ContainerEvidence[];
  complete?: boolean;
  /** The node's own namespaces. */
  ofNode?: Record<string, string>;
}

function judged({ processes = [kernel()], cell = gvisor, containers, complete = true, ofNode = nodes }: Seen) {
  const seen = witness({ processes: [privileged, ...processes], complete });
  seen.observations = [...seen.observations, { id: 'truth.namespaces', kind: 'namespaces', value: { pid1: ofNode } }];
  // Who is no control: the privileged pod under test, a privileged server, another profile of the reference.
  const others = [
    subject(cell, 'own', { profile: 'privileged', complete: false }),
    subject(runc, nodeBoot, { profile: 'privileged', role: 'server' }),
    subject(runc, nodeBoot),
  ];
  const evidence = evidenceOf([seen, ...others, reference, ...(containers ?? [subject(cell, 'own')])], {
    // The reference of another node is none here.
    cells: [cellOf('runc', 'shared-kernel', { id: 'runc/m', node: 'm', reference: true }), cell, runc],
  });
  return confinement(cell, nodeView(evidence, 'n'), evidence);
}

describe('what answers a pod', () => {
  test('is confined under a filter and in namespaces of its own', () => {
    const attempted = judged({ processes: [kernel(), kernel({ pid: 21, argv: 'runsc-gofer gofer' })] });
    expect(attempted.subject).toMatchObject({ kind: 'denied', errno: 'confined' });
    expect(attempted.control).toMatchObject({ kind: 'reached' });
    expect(attempted.witness).toBe('complete');
  });
  test.each([
    ['no filter', { filtered: false }, 'process 20 (runsc-sandbox) has no seccomp filter'],
    [
      'a filter with a hole',
      { profiled: true },
      'process 20 (runsc-sandbox) lets itself be profiled (--profile), for which',
    ],
    ["the node's user namespace", { namespaces: { ...own, user: '1' } }, "is in the node's own user namespace"],
    ["the node's mounts", { namespaces: { ...own, mnt: '2' } }, "is in the node's own mnt namespace"],
    ["the node's processes", { namespaces: { ...own, pid: '3' } }, "is in the node's own pid namespace"],
    ["the node's IPC", { namespaces: { ...own, ipc: '4' } }, "is in the node's own ipc namespace"],
    [
      'all of it',
      { filtered: false, namespaces: nodes },
      "filter and is in the node's own user, mnt, pid, ipc namespace",
    ],
  ])('is not with %s', (_, loose, seen) =>
    expect(judged({ processes: [kernel(loose)] }).subject).toMatchObject({
      kind: 'reached',
      seen: expect.stringContaining(seen) as string,
    }),
  );
  test('is not where a file server is not', () =>
    expect(
      judged({ processes: [kernel(), kernel({ pid: 21, argv: 'runsc-gofer', filtered: false })] }).subject.kind,
    ).toBe('reached'));
  test.each([
    ['user', '1', 'denied'],
    ['mnt', '2', 'reached'],
    ['pid', '3', 'reached'],
    ['ipc', '4', 'reached'],
  ])('is judged by the %s namespace of a file server (%s): %s', (kind, number, outcome) => {
    const gofer = kernel({ pid: 21, argv: 'runsc-gofer gofer', namespaces: { ...own, [kind]: number } });
    expect(judged({ processes: [kernel(), gofer] }).subject.kind).toBe(outcome);
  });
  test('is taken as it was seen last: the filter comes late', () => {
    expect(judged({ processes: [kernel({ filtered: false }), kernel()] }).subject.kind).toBe('denied');
    expect(judged({ processes: [kernel(), kernel({ filtered: false })] }).subject.kind).toBe('reached');
  });
  test.each([
    ['was not read', [kernel({ namespaces: {} })]],
    ['is in evidence of before', [{ ...kernel(), filtered: undefined } as unknown as Process]],
    ['is no known sandbox', [kernel({ argv: 'something' })]],
    ['is a file server alone', [kernel({ argv: 'runsc-gofer' })]],
    ["is another pod's", [kernel({ podUid: 'uid-other' })]],
  ])('says nothing when it %s', (_, processes) => expect(judged({ processes }).subject.kind).toBe('undecided'));
  test('is the pod itself under a shared kernel', () => {
    const cell = cellOf('crun', 'shared-kernel');
    expect(judged({ cell, processes: [] }).subject).toMatchObject({ kind: 'undecided' });
    expect(judged({ cell, processes: [], containers: [subject(cell, nodeBoot)] }).subject.kind).toBe('absent');
  });
  test('is as it was seen last while it could be read', () => {
    const gone = kernel({ namespaces: {}, filtered: false });
    expect(judged({ processes: [kernel(), gone] }).subject.kind).toBe('denied');
    expect(judged({ processes: [kernel({ filtered: false }), gone] }).subject.kind).toBe('reached');
    expect(
      judged({ processes: [kernel(), kernel({ pid: 30, argv: 'runsc-gofer', namespaces: {} })] }).subject.kind,
    ).toBe('denied');
  });
  test('is not in a namespace of a kind that its kernel does not have', () => {
    const { ipc: _, ...fewer } = own;
    const { ipc: __, ...ofNode } = nodes;
    expect(judged({ processes: [kernel({ namespaces: fewer })], ofNode }).subject.kind).toBe('denied');
  });
  test('is looked at for every pod', () => {
    const other = subject(gvisor, 'own', { podUid: 'uid-crun', container: 'second' });
    const processes = [kernel(), kernel({ pid: 22, podUid: 'uid-crun', filtered: false })];
    const seen = witness({ processes: [privileged, ...processes], pods: ['runc', 'runsc', 'crun'] });
    const evidence = evidenceOf([seen, reference, subject(runc, nodeBoot), subject(gvisor, 'own'), other]);
    expect(confinement(gvisor, nodeView(evidence, 'n'), evidence).subject.kind).toBe('reached');
  });
  test('is unknown without a pod that ran to its end, or a witness', () => {
    expect(judged({ containers: [] }).subject.kind).toBe('not-attempted');
    expect(judged({ containers: [subject(gvisor, 'own', { complete: false })] }).subject.kind).toBe('not-attempted');
    const evidence = evidenceOf([reference, subject(gvisor, 'own')]);
    expect(confinement(gvisor, undefined, evidence)).toMatchObject({
      subject: { kind: 'undecided' },
      control: { kind: 'not-attempted' },
      witness: 'incomplete',
    });
  });
});

describe('the control', () => {
  test('is none without the privileged pod of the reference', () => {
    const evidence = evidenceOf([witness({ processes: [kernel()] }), subject(runc, nodeBoot), subject(gvisor, 'own')]);
    expect(confinement(gvisor, nodeView(evidence, 'n'), evidence).control).toEqual({
      kind: 'not-attempted',
      why: 'its process was not found',
    });
  });
  test.each([
    ['a filter', { ...privileged, filtered: true }, 'undecided'],
    ['nothing known of a filter', { ...privileged, filtered: undefined } as unknown as Process, 'undecided'],
    ['another mark', { ...privileged, mark: markOf('other') }, 'not-attempted'],
  ])('is none with %s', (_, process, kind) => {
    const seen = witness({ processes: [process, kernel()] });
    const evidence = evidenceOf([seen, reference, subject(runc, nodeBoot), subject(gvisor, 'own')]);
    expect(confinement(gvisor, nodeView(evidence, 'n'), evidence).control?.kind).toBe(kind);
  });
});

test('a virtual machine’s monitor without a filter is exposed, one with it held', async () => {
  const check = (await loadCatalogue()).get('kernel-isolation/what-answers-the-pod-is-confined');
  const kata = cellOf('runsc', 'guest-kernel');
  const monitor = kernel({ exe: '/usr/bin/qemu-system-x86_64', argv: '', filtered: false });
  if (!check) throw new Error('no such check');
  const verdict = (processes: Process[]) =>
    judgeAttempt(check.expect['guest-kernel'], judged({ cell: kata, processes })).verdict;
  expect(verdict([monitor])).toBe('exposed');
  expect(verdict([{ ...monitor, filtered: true }])).toBe('held');
  expect(
    judgeAttempt(
      check.expect['shared-kernel'],
      judged({
        cell: cellOf('crun', 'shared-kernel'),
        processes: [],
        containers: [subject(cellOf('crun', 'shared-kernel'), nodeBoot)],
      }),
    ).verdict,
  ).toBe('not-applicable');
});
