import { defineCheck, deniedWith, openForWriting, stopped, weakened } from '../../harness/check.ts';
import { allowed } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/kernel-settings-are-read-only',
  claim: "A root process cannot open the kernel's settings in /proc for writing.",
  because: 'They are one set for the whole kernel: who writes them changes, or stops, the node.',
  references: [
    'https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#readonly-paths',
    'https://man7.org/linux/man-pages/man5/proc.5.html',
    'https://www.kernel.org/doc/html/latest/admin-guide/sysctl/index.html',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-190@2017#4.5.1',
    'nist-800-53@5.1.1#AC-6',
    'nist-800-53@5.1.1#SC-3',
    'disa-container-srg@v2r4#SRG-APP-000233-CTR-000585',
    'disa-container-srg@v2r4#SRG-APP-000340-CTR-000770',
    'pci-dss@4.0.1#2.2.6',
    'iso-27001@2022#A.8.9',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'open',
  subject: 'default-root',
  alsoIn: ['host-path'],
  // Opened for writing and closed at once; nothing is ever written. What is below the directories differs between machines.
  // One or two files for each directory of /proc/sys but these: net/ is the pod's own, and user/ its user namespace's. A kernel
  // without such a file has nothing to write there.
  attempt: [
    '/proc/sysrq-trigger',
    '/proc/sys/vm/panic_on_oom',
    '/proc/sys/kernel/modprobe',
    '/proc/sys/fs/protected_hardlinks',
    '/proc/sys/fs/suid_dumpable',
    '/proc/sys/dev/tty/ldisc_autoload',
    '/proc/sys/debug/exception-trace',
    '/proc/sys/abi/vsyscall32',
    '/proc/irq/default_smp_affinity',
    '/proc/bus',
    '/proc/fs',
  ].map(openForWriting),
  reached: allowed(),
  control: weakened('privileged'),
  expect: {
    'shared-kernel': deniedWith('EROFS'),
    'application-kernel': stopped('absent', 'denied', 'contained'),
    // Kata's own kernel is built without the magic SysRq key.
    'guest-kernel': stopped('denied', 'absent', 'contained'),
  },
  // Its root does not own the file, which the kernel looks at before it looks at the mount.
  expectInUserNamespace: { 'shared-kernel': deniedWith('EACCES', 'EROFS') },
});
