import { defineCheck, onReference, personality, stopped } from '../../harness/check.ts';
import { foreseeableMemory } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/memory-layout-is-random',
  claim: "A pod's processes have their memory at addresses that nobody can foretell, and execute none of their data.",
  because:
    'Who finds a flaw in a program has to know where its code is; a process inherits that all addresses are fixed from whoever started it.',
  references: [
    'https://man7.org/linux/man-pages/man2/personality.2.html',
    'https://man7.org/linux/man-pages/man8/setarch.8.html',
    'https://www.kernel.org/doc/html/latest/admin-guide/sysctl/kernel.html#randomize-va-space',
  ],
  requirements: ['nist-800-53@5.1.1#SI-16', 'nist-800-53@5.1.1#CM-7'],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted', 'host-path'],
  attempt: personality(),
  reached: foreseeableMemory(),
  // A thread of the control gives up what it has, for as long as it takes to ask.
  control: onReference('privileged', personality('raise')),
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent', 'contained'),
    'guest-kernel': stopped('absent', 'contained'),
  },
});
