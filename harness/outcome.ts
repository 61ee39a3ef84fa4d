import type { Attempt, Observation } from './attempt.ts';
import type { ProfileName } from './check.ts';

/** What an attempt came to, in terms of both sides of the boundary. `seen` is a phrase for the reader. */
export type Outcome =
  /** It got to the node, or to another tenant. */
  | { kind: 'reached'; seen: string }
  /** It worked, on something that is not the node's: another kernel's, or a namespace of the pod's own. */
  | { kind: 'contained'; seen: string }
  /**
   * `selfEvident`: the other side itself answered that it refuses, which needs no control of its own. `byTheNode`: why the node
   * refuses it to everybody, its own root too: a setting that the witness read, or what a service answers to whoever asks.
   */
  | { kind: 'denied'; errno: string; seen: string; selfEvident?: true; byTheNode?: string }
  /**
   * There is no such thing there. Not a denial: nothing was refused. `nothingBehind`: so whatever refuses it has nothing
   * behind it, a call that the kernel was built without, a port at which nobody listens. `noBoundary`: why there is none to
   * judge.
   */
  | { kind: 'absent'; seen: string; nothingBehind?: string; noBoundary?: string }
  | { kind: 'not-attempted'; why: string }
  /** It was made, and what was seen does not say which of the above it is. */
  | { kind: 'undecided'; why: string };

/** Which kernel answered a container, as proved from both sides; see `judge/kernel.ts`. */
export interface KernelProof {
  answer: 'node' | 'another' | 'unknown';
  why: string;
}

/** The node's side, as far as the witness on that node could tell. */
export interface WitnessView {
  /** The witness ran from before the first subject to after the last one. */
  complete: boolean;
  /** What the same attempt sees on the node itself. */
  truth(attempt: Attempt): Observation | undefined;
  /** The same at the witness's end, of an attempt that is made again. */
  truthAtTheEnd(attempt: Attempt): Observation | undefined;
  /** The text of a canary that was planted, or undefined when planting failed. */
  canary(name: string): string | undefined;
  /** Every change of the node's fs.aio-nr that was seen, as differences. */
  counterChanges: readonly number[];
  /** The counter moved more often than the witness tells. */
  counterCut?: boolean;
  /** Ports of the run on which a socket of the node's kernel listened, in whatever network namespace. */
  listening: readonly number[];
  /** The node's container engine, as its kubelet names it: `containerd`, `cri-o`. Empty where it does not. */
  engine: string;
  /** The version of its kubelet: `v1.36.3`. Empty where it is not known. */
  kubelet: string;
  /** The node's own namespaces: pid 1's. */
  namespaces: Record<string, string>;
}

/** How the node's kernel ranks a process among others. */
export interface Rank {
  /** Higher is ended earlier when memory runs out (proc_pid_oom_score_adj(5)). */
  oomScoreAdj?: number;
  /** Lower gets more of the processors. */
  nice?: number;
  /** It runs before every ordinary process that is ready. */
  realTime: boolean;
}

/** All that an oracle may look at. */
export interface OracleInput {
  attempt: Attempt;
  observation: Observation;
  witness: WitnessView | undefined;
  kernel: KernelProof;
  profile: ProfileName;
  /** The cgroup of the node in which the container, or its pod's kernel or machine, runs, where it is none of the pod's. */
  strayCgroup?: string | undefined;
  /** The rank of what answers the container in the kernel's stead, where that is a process of the node. */
  rankOnNode?: Rank | undefined;
  /** The oom_score_adj of what starts the container's processes, where the node saw it: a shim's, or conmon's. */
  oomScoreAdjOfStarter?: number | undefined;
  /**
   * What the pod of the same shape under the node's reference handler saw of the same attempt, where that is the subject's
   * counterpart. Undefined in a control; without `observation` where that pod did not report it. `itself`: the subject is
   * that pod.
   */
  reference?: { observation: Observation | undefined; itself?: boolean } | undefined;
  /** Facts with which this container's attempts were filled. */
  facts: Record<string, string | number>;
  /** What the node's process table says of this container's process, when it is one of the node's. */
  seenFromNode:
    | {
        namespaces: Record<string, string>;
        /** The namespaces of its pod's sandbox, where that is a process of the node, too. */
        sandbox?: Record<string, string> | undefined;
        /** Its effective user id, as the node's user namespace counts. */
        uid?: number | undefined;
        /** By kind, another pod of the run that was in the same namespace. */
        shared?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
}

/** Says when a boundary was crossed. Pure. */
export interface Oracle {
  /** For `explain`: completes "The boundary is crossed when …". */
  crossedWhen: string;
  /** Attempts the witness makes on the node, so that there is something to compare with. */
  truths: (attempt: Attempt) => readonly Attempt[];
  needsWitness: boolean;
  /** It compares with the same pod under the reference handler, which then makes the attempts, too. */
  comparesWithReference?: true;
  decide(input: OracleInput): Outcome;
}

const absentErrnos = new Set([
  'ENOENT',
  'ENXIO',
  'ENODEV',
  'ENOSYS',
  'EAFNOSUPPORT',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOTDIR',
]);

/** What has nothing behind it: a call that a kernel may be built without, and so a driver (fs/char_dev.c, chrdev_open). */
function nothingBehind(errno: string, kind: string | undefined): string | undefined {
  if (errno === 'ENOSYS') return 'the kernel has no such call';
  return kind === 'device' && (errno === 'ENXIO' || errno === 'ENODEV') ? 'the kernel has no such device' : undefined;
}

/** An errno as an outcome: what is not there was not refused. */
export function refusal(errno: string, step: string | undefined, kind?: string): Outcome {
  const seen = `${step ?? 'the call'} returned ${errno}`;
  if (!absentErrnos.has(errno)) return { kind: 'denied', errno, seen };
  const nothing = nothingBehind(errno, kind);
  return { kind: 'absent', seen, ...(nothing !== undefined && { nothingBehind: nothing }) };
}

/** What an observation says before any oracle looks: refused, absent or not made; undefined when it worked. */
export function withoutValue(observation: Observation): Outcome | undefined {
  if (observation.notAttempted !== undefined) return { kind: 'not-attempted', why: observation.notAttempted };
  if (observation.errno !== undefined) return refusal(observation.errno, observation.step, observation.kind);
  if (observation.value === undefined) return { kind: 'not-attempted', why: 'the probe reported no result' };
  return undefined;
}

/** The probe could not report or look at all that was there: what was not found may be in the rest. */
export const isCut = (value: Observation['value']): boolean => value?.['truncated'] === true;
