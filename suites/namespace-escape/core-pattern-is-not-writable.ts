import { defineCheck, deniedWith, notThere, openForWriting, stopped, weakened } from '../../harness/check.ts';
import { allowed } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/core-pattern-is-not-writable',
  claim: 'A root process cannot open core_pattern for writing.',
  because:
    "The kernel starts the program named there as root, in the node's own namespaces, whenever a process crashes.",
  references: [
    'https://man7.org/linux/man-pages/man5/core.5.html',
    'https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#readonly-paths',
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
  // Without O_CREAT: with it, a missing file answers EACCES under gVisor, which looks like a denial.
  attempt: openForWriting('/proc/sys/kernel/core_pattern'),
  reached: allowed(),
  control: weakened('privileged'),
  expect: {
    'shared-kernel': deniedWith('EROFS'),
    'application-kernel': notThere('gVisor has no core_pattern'),
    // A guest's kernel may have been built without core dumps.
    'guest-kernel': stopped('denied', 'contained', 'absent'),
  },
  // Its root does not own the file, which the kernel looks at before it looks at the mount.
  expectInUserNamespace: { 'shared-kernel': deniedWith('EACCES', 'EROFS') },
});
