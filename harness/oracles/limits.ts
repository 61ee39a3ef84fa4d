import type { Oracle } from '../outcome.ts';
import { withoutValue } from '../outcome.ts';
import { onWhichKernel } from './kernel.ts';

/** A limit of the container's cgroup is not set: the file reads `max` (cgroup v2, memory.max and cpu.max). */
export const notLimited = (): Oracle => ({
  crossedWhen: "the cgroup sets no limit, and the node's own kernel answered",
  needsWitness: true,
  truths: () => [],
  decide(input) {
    const failed = withoutValue(input.observation);
    if (failed) return failed;
    const text = input.observation.value?.['text'];
    const [first = ''] = typeof text === 'string' ? text.trim().split(' ') : [];
    if (first === 'max') return onWhichKernel(input, 'there is no limit');
    if (!/^\d+$/.test(first)) return { kind: 'undecided', why: `the limit reads “${first}”` };
    return { kind: 'denied', errno: 'limited', seen: `the limit is ${first}` };
  },
});
