import type { Oracle, OracleInput } from '../outcome.ts';
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
    "the cgroup sets no limit, or a higher one than was asked for, and the node's own kernel answered; or the container, or its pod's application kernel, runs outside the pod's cgroups",
  needsWitness: true,
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
    if (limit === Infinity) return onWhichKernel(input, 'there is no limit');
    const asked = input.attempt.kind === 'limits' && input.attempt.of === 'cpu' ? cpu : memory;
    if (limit > asked) return onWhichKernel(input, `the limit is ${limit}, ${asked} was asked for`);
    return { kind: 'denied', errno: 'limited', seen: `the limit is ${limit}` };
  },
});

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
  crossedWhen: "oom_score_adj is 0 or less, and the node's own kernel answered",
  needsWitness: true,
  truths: () => [],
  decide(input) {
    const failed = withoutValue(input.observation);
    if (failed) return failed;
    const line = lineOf(input);
    if (!/^-?\d+$/.test(line)) return { kind: 'undecided', why: `oom_score_adj reads “${line}”` };
    return Number(line) <= 0
      ? onWhichKernel(input, `oom_score_adj is ${line}`)
      : { kind: 'denied', errno: 'not spared', seen: `oom_score_adj is ${line}` };
  },
});
