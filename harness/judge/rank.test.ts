import { describe, expect, test } from 'vitest';
import { oomScoreAdjOfStarter, rankOnNode } from './rank.ts';
import { evidenceOf, gvisor, nodeBoot, runc, subject, witness } from '../testing/evidence.ts';
import type { WitnessTells } from '../testing/evidence.ts';
import { nodeView } from './witness.ts';

type Process = NonNullable<WitnessTells['processes']>[number];

const kernel = (rest: Partial<Process> = {}): Process => ({
  podUid: 'uid-runsc',
  comm: 'exe',
  exe: '',
  argv: 'runsc-sandbox boot',
  ...rest,
});
const container = subject(gvisor, 'own');

function rank(processes: Process[], of = container, complete = true) {
  const evidence = evidenceOf([{ ...witness({ processes }), complete }, subject(runc, nodeBoot), of]);
  return rankOnNode(of, nodeView(evidence, 'n'));
}

describe('the rank of what answers a pod', () => {
  test('is that of a kernel in user space: of memory the highest that it had, of processors the lowest', () =>
    expect(
      rank([
        kernel({ oomScoreAdj: -998, nice: 0, policy: 0 }),
        kernel({ oomScoreAdj: 984, nice: -5, policy: 0 }),
        kernel({ oomScoreAdj: -998, nice: 0, policy: 0 }),
      ]),
    ).toEqual({ oomScoreAdj: 984, nice: -5, realTime: false }));
  test('has no memory of file servers and machines in it', () => {
    expect(rank([kernel({ argv: 'runsc-gofer', oomScoreAdj: -998, nice: 1, policy: 3 })])).toEqual({
      nice: 1,
      realTime: false,
    });
    expect(rank([kernel({ exe: '/usr/bin/qemu-system-x86_64', argv: '', oomScoreAdj: -998, nice: -1 })])).toEqual({
      nice: -1,
      realTime: false,
    });
  });
  test.each([1, 2, 6])('is ahead of everybody with policy %i', (policy) =>
    expect(rank([kernel({ policy })])).toEqual({ realTime: true }),
  );
  test('is unknown where nothing of the sort was seen, or the pod did not run to its end', () => {
    expect(rank([])).toBeUndefined();
    expect(rank([kernel({ podUid: 'uid-runc' })])).toBeUndefined();
    expect(rank([kernel({ argv: 'sleep' })])).toBeUndefined();
    expect(rank([kernel({ nice: -5 })], { ...container, complete: false })).toBeUndefined();
    expect(rankOnNode(container, undefined)).toBeUndefined();
  });
  test('has no memory in it where the witness did not watch to its end, for it may have been adjusted later', () =>
    expect(rank([kernel({ oomScoreAdj: -998, nice: -5, policy: 1 })], container, false)).toEqual({
      nice: -5,
      realTime: true,
    }));
  test('has nothing in it that could not be read', () =>
    expect(rank([kernel({ oomScoreAdj: null, nice: null, policy: null })])).toEqual({ realTime: false }));
});

describe('what starts the processes of a container', () => {
  const starter = (processes: Process[]) => {
    const evidence = evidenceOf([witness({ processes }), subject(runc, nodeBoot), container]);
    return oomScoreAdjOfStarter(container.podUid, nodeView(evidence, 'n'));
  };
  const shim = (rest: Partial<Process>) => kernel({ comm: 'containerd-shim', argv: '', ...rest });

  test('has the lowest of what was seen of it', () => {
    expect(starter([shim({ oomScoreAdj: -998 }), shim({ oomScoreAdj: -999 })])).toBe(-999);
    expect(starter([kernel({ comm: 'conmon', argv: '', oomScoreAdj: -1000 })])).toBe(-1000);
  });
  test('is unknown where it was not seen: what it starts, and what is of another pod, is not it', () => {
    expect(starter([kernel({ comm: 'pause', oomScoreAdj: -998 })])).toBeUndefined();
    expect(starter([shim({ podUid: 'uid-runc', oomScoreAdj: -998 })])).toBeUndefined();
    expect(starter([shim({ oomScoreAdj: null })])).toBeUndefined();
    expect(oomScoreAdjOfStarter(container.podUid, undefined)).toBeUndefined();
  });
});
