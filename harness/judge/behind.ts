import type { Cell, ContainerEvidence, Evidence } from '../evidence.ts';
import { proveKernel } from './kernel.ts';
import type { Outcome } from '../outcome.ts';
import type { NodeProcess, NodeView } from './witness.ts';

/**
 * What comes of a look at the processes that stand behind the pods under test on their node: the worst of all pods. Where the
 * node's own kernel answers a pod, nothing stands behind it.
 */
export function behindPods(
  cell: Cell,
  view: NodeView | undefined,
  evidence: Evidence,
  look: (pod: ContainerEvidence, view: NodeView) => Outcome,
): Outcome {
  if (!view) return { kind: 'undecided', why: 'no witness ran on the node' };
  const pods = evidence.containers.filter((one) => one.cell === cell.id && one.role === 'subject' && one.complete);
  const outcomes = pods.map((pod): Outcome => {
    const proof = proveKernel(pod, view, evidence);
    if (proof.answer === 'unknown') return { kind: 'undecided', why: proof.why };
    return proof.answer === 'node'
      ? { kind: 'absent', seen: "the pod's own processes are the node's" }
      : look(pod, view);
  });
  return (
    outcomes.find(({ kind }) => kind === 'reached') ??
    outcomes.find(({ kind }) => kind === 'undecided') ??
    outcomes[0] ?? { kind: 'not-attempted', why: 'no pod of this cell ran to its end' }
  );
}

/** Each process as it was seen last, and read whole: one that ended meanwhile says nothing. */
export const asSeenLast = (
  reports: readonly NodeProcess[],
  isWhole: (process: NodeProcess) => boolean,
): NodeProcess[] => [
  ...new Map(
    reports.filter((one) => one.namespaces['user'] !== undefined && isWhole(one)).map((one) => [one.pid, one]),
  ).values(),
];

/** There was something to look at, and it did not show itself. */
export const unreadable: Outcome = {
  kind: 'undecided',
  why: "none of the pod's processes on the node is a sandbox that could be read",
};

/** A process for a reader. */
export const named = ({ pid, argv, comm }: NodeProcess): string =>
  `process ${pid} (${(argv.split(/[\0 ]/)[0] ?? '').split('/').at(-1) || comm})`;
