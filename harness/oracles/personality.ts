import type { Oracle } from '../outcome.ts';
import { withoutValue } from '../outcome.ts';
import { onWhichKernel } from './kernel.ts';

/**
 * The memory of a process is laid out the same each time, or its data can be executed: flags of personality(2), which
 * whoever is started inherits, or the kernel lays out that of all processes so (kernel.randomize_va_space is 0; 1, which
 * leaves the heap where it always was, is the default of a kernel with CONFIG_COMPAT_BRK). gVisor's kernel has no
 * personalities, and refuses whoever asks (pkg/sentry/syscalls/linux/linux64.go).
 */
export const foreseeableMemory = (): Oracle => ({
  crossedWhen:
    "its personality(2) has ADDR_NO_RANDOMIZE or READ_IMPLIES_EXEC, or kernel.randomize_va_space is 0, and the node's own kernel answered",
  needsWitness: true,
  truths: () => [],
  decide(input) {
    const { observation } = input;
    const failed = withoutValue(observation);
    if (failed?.kind === 'denied')
      return input.kernel.answer === 'another'
        ? { kind: 'contained', seen: `${failed.seen}: the pod's kernel does not tell` }
        : { kind: 'undecided', why: failed.seen };
    if (failed) return failed;
    const { fixed, executable, randomize } = observation.value ?? {};
    if (typeof fixed !== 'boolean' || typeof executable !== 'boolean')
      return { kind: 'undecided', why: 'the answer does not tell how its memory is laid out' };
    const has = [...(fixed ? ['ADDR_NO_RANDOMIZE'] : []), ...(executable ? ['READ_IMPLIES_EXEC'] : [])];
    if (has.length) return onWhichKernel(input, `its personality has ${has.join(' and ')}`);
    if (randomize === 0) return onWhichKernel(input, 'kernel.randomize_va_space is 0');
    return { kind: 'absent', seen: 'its personality has neither ADDR_NO_RANDOMIZE nor READ_IMPLIES_EXEC' };
  },
});
