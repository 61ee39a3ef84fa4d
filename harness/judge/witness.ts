import { againId, attemptId } from '../attempt.ts';
import type { Attempt, Observation } from '../attempt.ts';
import type { Evidence } from '../evidence.ts';
import { isCut } from '../outcome.ts';
import type { WitnessView } from '../outcome.ts';

/** A process of the node that belongs to a pod of this run, as the witness's census tells it. */
export interface NodeProcess {
  pid: number;
  comm: string;
  exe: string;
  argv: string;
  cgroup: string;
  podUid?: string;
  /** The text by which a probe shows itself; see `markOf`. */
  mark?: string;
  namespaces: Record<string, string>;
  /** The effective user id, as the node's user namespace counts; -1 where it could not be read. */
  uid?: number;
  /** Has a virtual machine of KVM's open. */
  machine?: boolean;
  /** A seccomp filter is in force. Undefined in evidence that is older than this. */
  filtered?: boolean;
  /** It is a kernel of gVisor's that was started with `--profile`, for which its filter lets more through. */
  profiled?: boolean;
  /** How the node's kernel ranks it when memory runs out; null where it could not be read. */
  oomScoreAdj?: number | null;
  /** Its nice value, and its scheduling policy as a number (sched(7)); null where they could not be read. */
  nice?: number | null;
  policy?: number | null;
  /** Directories and disks of the node that it has open, of a process that serves a pod. Undefined in older evidence. */
  holds?: readonly string[];
  /**
   * Directories of the node that such a process serves, and those that stand mounted where it does, by their paths on the
   * node.
   */
  mounted?: readonly string[];
}

/** What the container engine wrote down about the sandbox of a pod of this run. */
export interface NodeSandbox {
  id: string;
  podUid: string;
  /** The runtime handler, where the engine writes it down. */
  handler?: string;
  /** The shim's program, and the runtime or its configuration that its options name. */
  shim: string;
  runtime?: string;
}

/** What the container engine tells of the same in the CRI (cri-api, PodSandbox), asked for the pod. */
export interface EngineRecord {
  id: string;
  podUid: string;
  /** The handler under which it was told to run the pod; empty for its default. */
  handler: string;
}

/** A namespace of the node's kernel in which two pods of this run were. */
export interface SharedNamespace {
  kind: string;
  number: string;
  /** UIDs of the pods. */
  pods: readonly string[];
}

/** All that the witness of a node told. */
export interface NodeView extends WitnessView {
  identity: Record<string, unknown> | undefined;
  processes: readonly NodeProcess[];
  sandboxes: readonly NodeSandbox[];
  /** Of engines that answer; none in evidence that is older than this. */
  records: readonly EngineRecord[];
  shared: readonly SharedNamespace[];
  /** UIDs of the run's pods that were on this node. */
  pods: readonly string[];
  /** What the look at open files found of the witness itself, which has the node's root open. */
  ownHolds: readonly string[];
  /** What the look at mounts found of the witness itself, whose pod has a volume of its own. */
  ownMounted: readonly string[];
}

/** What is known from the node's side: by its witness, or, where none spoke, by the little that its status tells. */
export function nodeView(evidence: Evidence, node: string): NodeView | undefined {
  const cells = new Map(evidence.cells.map((cell) => [cell.id, cell.node]));
  const witness = evidence.containers.find(
    (container) => container.role === 'witness' && cells.get(container.cell) === node,
  );
  if (!witness || witness.observations.length === 0) return fromStatus(evidence, node);
  const observations = witness.observations as Observation[];
  const find = (id: string) => observations.find((observation) => observation.id === id);
  const values = (id: string, kind: string) =>
    observations.flatMap((one) => (one.id === id && one.kind === kind && one.value ? [one.value] : []));
  return {
    // A census that was cut says nothing of the processes that came after, nor of what they share.
    complete: witness.complete && find('planted') !== undefined && values('census', 'truncated').length === 0,
    truth: (attempt: Attempt) => find(attemptId(attempt)),
    truthAtTheEnd: (attempt: Attempt) => find(againId(attempt)),
    canary: (name) => (find(`canary.${name}`)?.value ? evidence.canaries[node]?.[name] : undefined),
    counterChanges: observations
      .filter((one) => one.id === 'counter')
      .flatMap((one) => (one.value?.['changes'] as number[] | undefined) ?? []),
    counterCut: observations.some((one) => one.id === 'counter' && isCut(one.value)),
    engine: engineOf(evidence, node),
    kubelet: kubeletOf(evidence, node),
    listening: values('census', 'socket').map((value) => Number(value['port'])),
    namespaces: (find('truth.namespaces')?.value?.['pid1'] as Record<string, string> | undefined) ?? {},
    identity: find('truth.identity')?.value,
    processes: values('census', 'process') as unknown as NodeProcess[],
    sandboxes: values('census', 'sandbox') as unknown as NodeSandbox[],
    records: values('census', 'record') as unknown as EngineRecord[],
    shared: values('census', 'shared-namespace') as unknown as SharedNamespace[],
    pods: values('census', 'pod').map((value) => String(value['uid'])),
    ownHolds: (values('census', 'own')[0]?.['holds'] as string[] | undefined) ?? [],
    ownMounted: (values('census', 'own')[0]?.['mounted'] as string[] | null | undefined) ?? [],
  };
}

/** The kubelet reports `containerd://2.4.2`. */
const engineOf = (evidence: Evidence, node: string): string =>
  evidence.nodes.find((one) => one.name === node)?.containerRuntime.split('://')[0] ?? '';

const kubeletOf = (evidence: Evidence, node: string): string =>
  evidence.nodes.find((one) => one.name === node)?.kubelet ?? '';

/** The kubelet reports the boot id of its node: enough to recognise the node's kernel, not to prove another. */
function fromStatus(evidence: Evidence, node: string): NodeView | undefined {
  const status = evidence.nodes.find((one) => one.name === node);
  if (!status?.bootId) return undefined;
  const identity = { bootId: status.bootId };
  return {
    complete: false,
    truth: (attempt) =>
      attempt.kind === 'identity' ? { id: attemptId(attempt), kind: 'identity', value: identity } : undefined,
    truthAtTheEnd: () => undefined,
    canary: () => undefined,
    counterChanges: [],
    engine: engineOf(evidence, node),
    kubelet: kubeletOf(evidence, node),
    listening: [],
    namespaces: {},
    identity,
    processes: [],
    sandboxes: [],
    records: [],
    shared: [],
    pods: [],
    ownHolds: [],
    ownMounted: [],
  };
}
