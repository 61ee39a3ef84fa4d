import { createHash } from 'node:crypto';
import type { Cell, ContainerEvidence, Evidence } from '../evidence.ts';
import type { KernelProof } from '../outcome.ts';
import type { NodeView } from './witness.ts';

/**
 * The text that a container's probe puts into its own process table. It is derived from the container's nonce and stands in
 * no environment and no file, so the witness finds it on the node only if the probe itself is a process of the node's
 * kernel.
 */
export const markOf = (nonce: string): string =>
  `cofferdam-mark-${createHash('sha256').update(`mark:${nonce}`).digest('hex').slice(0, 32)}`;

/** The value of the container's first observation of this kind. */
export const valueOf = (container: ContainerEvidence, kind: string): Record<string, unknown> | undefined =>
  container.observations.find((observation) => observation.kind === kind && observation.value)?.value;

/** The census's entry for a process of this container, when it is a process of the node. */
export function processOnNode(container: ContainerEvidence, view: NodeView | undefined) {
  return view?.processes.find((process) => process.mark !== undefined && process.mark === container.facts['mark']);
}

/** The program that only holds a pod's namespaces: `pause` of Kubernetes, `pod` of old versions of CRI-O. */
const holdsNamespaces = /^(.*\/)?(pause|pod)$/;

/** The census's entry for the process with which the container engine made the pod's namespaces; engines may end it then. */
export function sandboxOnNode(container: ContainerEvidence, view: NodeView | undefined) {
  return view?.processes.find(
    ({ podUid, mark, argv }) =>
      podUid !== undefined &&
      podUid === container.podUid &&
      mark === undefined &&
      holdsNamespaces.test(argv.split(/[\0 ]/)[0] ?? ''),
  );
}

/** The kinds of namespaces in which another pod of the run was, too, with that pod. */
export function sharedNamespaces(
  container: ContainerEvidence,
  view: NodeView | undefined,
  evidence: Evidence,
): Record<string, string> {
  const ofPod = (view?.shared ?? []).filter(({ pods }) => pods.some((uid) => uid === container.podUid));
  return Object.fromEntries(
    ofPod.map(({ kind, pods }) => {
      const other = evidence.containers.find(
        ({ podUid }) => podUid !== container.podUid && pods.includes(podUid ?? ''),
      );
      return [kind, other?.pod ?? 'another of this run'];
    }),
  );
}

/**
 * Which kernel answered a container: proved from both sides, for this very container. `node`: its process stands in the
 * node's process table, or it shows the node's boot id. `another`: neither, while the same witness in the same run did
 * find the reference handler's process. Anything less is `unknown`.
 */
export function proveKernel(container: ContainerEvidence, view: NodeView | undefined, evidence: Evidence): KernelProof {
  if (!view) return { answer: 'unknown', why: `no witness ran on the node` };
  const bootId = valueOf(container, 'identity')?.['bootId'];
  if (processOnNode(container, view))
    return { answer: 'node', why: "the container's process is in the node's process table" };
  if (bootId !== undefined && bootId === view.identity?.['bootId'])
    return { answer: 'node', why: "it shows the node's boot id" };
  if (!container.complete) return { answer: 'unknown', why: container.cause ?? 'the container did not run to its end' };
  if (!view.complete) return { answer: 'unknown', why: 'the witness did not watch from beginning to end' };
  if (bootId === undefined || view.identity?.['bootId'] === undefined)
    return { answer: 'unknown', why: 'a boot id is missing' };
  if (!view.pods.includes(container.podUid ?? ''))
    return { answer: 'unknown', why: 'the witness did not see this pod on its node' };
  const found = evidence.containers.some(
    (other) => isReference(other, container, evidence.cells) && processOnNode(other, view) !== undefined,
  );
  return found
    ? {
        answer: 'another',
        why: "its process is not in the node's process table, where the reference pod's is, and its boot id is not the node's",
      }
    : { answer: 'unknown', why: "the witness did not find the reference pod's process either" };
}

const isReference = (other: ContainerEvidence, container: ContainerEvidence, cells: readonly Cell[]): boolean => {
  const cellOf = (one: ContainerEvidence) => cells.find((cell) => cell.id === one.cell);
  return (
    other.role === 'subject' && cellOf(other)?.reference === true && cellOf(other)?.node === cellOf(container)?.node
  );
};
