import type { Oracle } from '../outcome.ts';
import { withoutValue } from '../outcome.ts';
import { onWhichKernel } from './kernel.ts';

/** cgroup v1 says “no limit” with the largest number of whole pages, a little below 2^63. */
const practicallyUnlimited = 2 ** 60;

/** A limit of the container's cgroup is not set: `max` in cgroup v2; a huge number of bytes, or a quota of -1, in v1. */
export const notLimited = (): Oracle => ({
  crossedWhen: "the cgroup sets no limit, and the node's own kernel answered",
  needsWitness: true,
  truths: () => [],
  decide(input) {
    const failed = withoutValue(input.observation);
    if (failed) return failed;
    const text = input.observation.value?.['text'];
    const first = typeof text === 'string' ? text.trim().split(' ')[0] : undefined;
    if (!first) return { kind: 'undecided', why: 'the limit reads empty' };
    const number = Number(first);
    if (first === 'max' || number === -1 || number > practicallyUnlimited)
      return onWhichKernel(input, `the limit is ${first}: none`);
    if (Number.isNaN(number)) return { kind: 'undecided', why: `the limit reads ${first}` };
    return { kind: 'denied', errno: 'limited', seen: `the limit is ${first}` };
  },
});
