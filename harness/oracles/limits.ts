import type { Oracle, OracleInput, Outcome } from '../outcome.ts';
import { withoutValue } from '../outcome.ts';
import { onWhichKernel } from './kernel.ts';

/** What a container asked to be limited to. */
export interface Limits {
  /** In bytes. */
  memory: number;
  /** In processors. */
  cpu: number;
}

/** What a file of one line reads. */
function lineOf({ observation }: OracleInput): string {
  const text = observation.value?.['text'];
  return typeof text === 'string' ? text.trim() : '';
}

/**
 * A limit of the container's cgroup is not set, or is higher than what was asked for. Under cgroup v2 `memory.max` is a
 * number of bytes, `cpu.max` a quota and its period, and both read `max` without a limit. Under v1 quota and period are a
 * file each and a quota of -1 is none; memory without a limit reads the highest number of pages that a counter holds
 * (mm/page_counter.h), whatever the size of a page.
 */
export const limitsBeyond = ({ memory, cpu }: Limits): Oracle => ({
  crossedWhen:
    "the cgroup sets no limit, or a higher one than was asked for, or allows more swap than that of the same pod under the reference handler, or has ten times its weight, and the node's own kernel answered; or the container, or the process of the node that is its pod's kernel or machine, runs outside the pod's cgroups",
  needsWitness: true,
  comparesWithReference: true,
  truths: () => [],
  decide(input) {
    if (input.strayCgroup !== undefined) {
      return {
        kind: 'reached',
        seen: `on the node it runs in cgroup ${input.strayCgroup.trim()}, none of its pod's`,
      };
    }
    const failed = withoutValue(input.observation);
    if (failed) return failed;
    const text = textOf(input.observation.value?.['files']);
    const limit = limitOf(text);
    if (limit === undefined) return { kind: 'undecided', why: `the limit reads “${text}”` };
    const asked = askedFor(input, { memory, cpu });
    if (asked === 'none')
      return {
        kind: 'absent',
        seen: `the limit reads “${text}”`,
        noBoundary: "the cluster's admission took the limit away",
      };
    if (limit === Infinity) return onWhichKernel(input, 'there is no limit');
    if (limit > asked) return onWhichKernel(input, `the limit is ${limit}, ${asked} was asked for`);
    const more = moreBeside(input);
    if (more !== undefined) return onWhichKernel(input, more);
    return { kind: 'denied', errno: 'limited', seen: `the limit is ${limit}` };
  },
});

/** What the pod's specification asks for: a cluster's admission may have made another number of the suite's. */
function askedFor({ attempt, facts }: OracleInput, asked: Limits): number | 'none' {
  const of = attempt.kind === 'limits' && attempt.of === 'cpu' ? 'cpu' : 'memory';
  const changed = facts[`limits.${of}`];
  return changed === 'none' ? 'none' : Number(changed ?? asked[of]);
}

/**
 * runc and crun turn the shares that the kubelet asks for into a weight by one formula or another, depending on their
 * version: 10 are 1 or 4, 26 are 1 or 7, 1024 are 39 or 100 (https://github.com/kubernetes/kubernetes/issues/131216).
 */
const weightsDiffer = 10;

/**
 * What the cgroup gives beside the limit, where that is more than the same pod's under the reference handler: swap, which
 * the kubelet allows as its settings and version say, or the weight by which processors are shared out when others want
 * them, too.
 */
function moreBeside({ attempt, observation, reference }: OracleInput): string | undefined {
  const besideOf = (value: OracleInput['observation']['value']) =>
    limitOf(String((value?.['beside'] as { text?: unknown } | undefined)?.text));
  const mine = besideOf(observation.value);
  const theirs = besideOf(reference?.observation?.value);
  // The kernel counts no swap, or there is nothing to compare with.
  if (mine === undefined || theirs === undefined) return undefined;
  const weight = attempt.kind === 'limits' && attempt.of === 'cpu';
  if (mine <= theirs * (weight ? weightsDiffer : 1)) return undefined;
  const amount = (one: number) => (one === Infinity ? 'any' : String(one));
  return `its ${weight ? 'weight' : 'swap'} is ${amount(mine)}, that of the same pod under the reference handler ${amount(theirs)}`;
}

/** What the files read, in one line: what v1 has in two files is then as v2 has it in one. */
const textOf = (files: unknown): string =>
  Array.isArray(files) ? files.map((file: { text?: unknown } | null) => String(file?.text)).join(' ') : '';

/** More bytes than a processor can address: where cgroup v1 has no limit. */
const noLimit = 2 ** 62;

/** Bytes or processors; infinite without a limit; undefined where it cannot be read. */
function limitOf(text: string): number | undefined {
  const [, quota, period] = /^(max|-1|\d+)(?: (\d+))?$/.exec(text) ?? [];
  if (quota === undefined) return undefined;
  if (quota === 'max' || quota === '-1' || Number(quota) >= noLimit) return Infinity;
  return period === undefined ? Number(quota) : Number(quota) / Number(period);
}

/**
 * When memory runs out, the kernel ends other processes before this one (proc_pid_oom_score_adj(5)). The kubelet gives a
 * container that requests less than it may use between 2 and 999 (pkg/kubelet/qos), and services of the node 0 or less.
 */
export const sparedByTheKernel = (): Oracle => ({
  crossedWhen:
    "oom_score_adj is 0 or less, and of an executed process less than that of what starts it, and the node's own kernel answered; or it never was more for the process of the node that is the pod's kernel",
  needsWitness: true,
  truths: () => [],
  decide(input) {
    const outside = input.rankOnNode?.oomScoreAdj;
    if (outside !== undefined && outside <= 0)
      return unless(asTheKubeletAsks(input, outside), {
        kind: 'reached',
        seen: `oom_score_adj of the pod's kernel is ${outside} on the node`,
      });
    const failed = withoutValue(input.observation);
    if (failed) return failed;
    const line = lineOf(input);
    if (!/^-?\d+$/.test(line)) return { kind: 'undecided', why: `oom_score_adj reads “${line}”` };
    const adjusted = Number(line);
    return adjusted <= 0
      ? unless(
          asTheKubeletAsks(input, adjusted) ?? asInherited(input, adjusted),
          onWhichKernel(input, `oom_score_adj is ${line}`),
        )
      : { kind: 'denied', errno: 'not spared', seen: `oom_score_adj is ${line}` };
  },
});

/** What reached the node is no breach where there is a reason why no boundary was to stop it. */
const unless = (noBoundary: string | undefined, outcome: Outcome): Outcome =>
  outcome.kind === 'reached' && noBoundary !== undefined ? { kind: 'absent', seen: outcome.seen, noBoundary } : outcome;

/** What the kubelet gives to containers that the kernel is to spare (pkg/kubelet/qos/policy.go, guaranteedOOMScoreAdj). */
const spared = -997;

/** No runtime is to blame for what the kubelet asked it for. */
function asTheKubeletAsks({ facts }: OracleInput, oomScoreAdj: number): string | undefined {
  const why = facts['pod.spared'];
  return why !== undefined && oomScoreAdj >= spared ? `the kubelet asks for that, since of the pod ${why}` : undefined;
}

/**
 * crun sets it for a container's first process alone, where runc and gVisor set it for each: one that is executed later is
 * spared as much as what starts it, and no more. That is so for every pod of such a cluster, and given to none.
 */
function asInherited({ attempt, oomScoreAdjOfStarter: starter }: OracleInput, oomScoreAdj: number): string | undefined {
  return attempt.kind === 'executed' && starter !== undefined && oomScoreAdj >= starter
    ? `the runtime leaves an executed process what it inherits, as crun does: what starts it has ${starter}`
    : undefined;
}

/** Scheduling policies whose processes run before every ordinary one that is ready (sched(7)). */
const realTime: ReadonlySet<unknown> = new Set(['fifo', 'rr', 'deadline']);

/** How high a process may go without a privilege, by what the probe calls the limit (getrlimit(2)). */
const limitsOfRank = { niceLimit: 'nice value', realTimeLimit: 'real-time priority' } as const;

/**
 * The kernel gives the process processor time, or reads and writes for it, before others, or lets it take that. What it has
 * is inherited from whoever started it: a container engine that runs with a priority of its own may have passed it on, and
 * the limits of its service, which are then the same under every handler.
 */
export const aheadOfOthers = (): Oracle => ({
  crossedWhen:
    "its scheduling policy is fifo, rr or deadline, its nice value is below 0, or its class of input and output is realtime, or its limits let it take more of this than those of the same pod under the reference handler, and the node's own kernel answered; or the process of the node that is the pod's kernel or machine has such a policy or value",
  needsWitness: true,
  comparesWithReference: true,
  truths: () => [],
  decide(input) {
    const outside = input.rankOnNode;
    if (outside && (outside.realTime || (outside.nice ?? 0) < 0))
      return {
        kind: 'reached',
        seen: `what answers the pod has ${outside.realTime ? 'a real-time policy' : `nice ${outside.nice ?? 0}`} on the node`,
      };
    const failed = withoutValue(input.observation);
    if (failed) return failed;
    const { policy, nice, io } = input.observation.value ?? {};
    if (typeof policy !== 'string' || typeof nice !== 'number')
      return { kind: 'undecided', why: 'the answer shows no policy and no nice value' };
    const seen = `policy ${policy}, nice ${nice}${typeof io === 'string' && io ? `, input and output ${io}` : ''}`;
    if (realTime.has(policy) || nice < 0 || io === 'realtime') return onWhichKernel(input, seen);
    return mayGoAhead(input, seen) ?? { kind: 'denied', errno: 'not ahead', seen };
  },
});

/** It is not ahead, and its limits let it go there, beyond those of the same pod under the reference handler. */
function mayGoAhead(input: OracleInput, seen: string): Outcome | undefined {
  const { observation, reference } = input;
  if (!reference) return undefined;
  for (const [name, what] of Object.entries(limitsOfRank)) {
    const mine = observation.value?.[name];
    if (typeof mine !== 'number' || mine === 0) continue;
    const may = `${seen}, and its limit lets it take a ${what} (${mine})`;
    const theirs = reference.observation?.value?.[name];
    if (typeof theirs !== 'number') {
      const outcome = onWhichKernel(input, may);
      return outcome.kind === 'reached'
        ? { kind: 'undecided', why: `${may}, and of the pod under the reference handler nothing is known` }
        : outcome;
    }
    if (mine > theirs)
      return onWhichKernel(input, `${may}, that of the same pod under the reference handler ${theirs}`);
  }
  return undefined;
}
