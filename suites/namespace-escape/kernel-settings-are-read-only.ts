import { defineCheck, deniedWith, openForWriting, stopped, weakened } from '../../harness/check.ts';
import { allowed } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/kernel-settings-are-read-only',
  claim: "A root process cannot open the kernel's settings in /proc for writing.",
  because: 'They are one set for the whole kernel: who writes them changes, or stops, the node.',
  references: [
    'https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#readonly-paths',
    'https://man7.org/linux/man-pages/man5/proc.5.html',
  ],
  requirements: ['nist-800-190@2017#4.4.3', 'nist-800-53@5.1.1#AC-6', 'mitre-attack#T1611'],
  touch: 'open',
  subject: 'default-root',
  // Opened for writing and closed at once; nothing is ever written.
  attempt: ['/proc/sysrq-trigger', '/proc/sys/vm/panic_on_oom', '/proc/irq/default_smp_affinity'].map(openForWriting),
  reached: allowed(),
  control: weakened('privileged'),
  expect: {
    'shared-kernel': deniedWith('EROFS'),
    'application-kernel': stopped('absent', 'denied', 'contained'),
    'guest-kernel': stopped('denied', 'contained'),
  },
});
