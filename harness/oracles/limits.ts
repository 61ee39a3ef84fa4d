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
 * A limit of the container's cgroup (cgroup v2) is not set, or is higher than what was asked for: `memory.max` is a number of
 * bytes, `cpu.max` a quota and its period, and both read `max` without a limit.
 */
export const limitsBeyond = ({ memory, cpu }: Limits): Oracle => ({
  crossedWhen: "the cgroup sets no limit, or a higher one than was asked for, and the node's own kernel answered",
  needsWitness: true,
  truths: () => [],
  decide(input) {
    const failed = withoutValue(input.observation);
    if (failed) return failed;
    const line = lineOf(input);
    const [first = '', period] = line.split(' ');
    if (first === 'max') return onWhichKernel(input, 'there is no limit');
    if (!/^\d+( \d+)?$/.test(line)) return { kind: 'undecided', why: `the limit reads “${line}”` };
    const [limit, asked] = period === undefined ? [Number(first), memory] : [Number(first) / Number(period), cpu];
    if (limit > asked) return onWhichKernel(input, `the limit is ${limit}, ${asked} was asked for`);
    return { kind: 'denied', errno: 'limited', seen: `the limit is ${limit}` };
  },
});

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
