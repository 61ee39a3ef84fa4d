import { defineCheck, deniedWith, onReference, openForWriting, stopped } from '../../harness/check.ts';
import { allowed } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/sysfs-is-not-writable',
  claim: "A root process cannot open the kernel's settings in /sys for writing.",
  because:
    'They are one set for the whole kernel: how it manages memory, what it does when it fails, what its drivers do.',
  references: [
    'https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#default-filesystems',
    'https://man7.org/linux/man-pages/man5/sysfs.5.html',
    'https://github.com/containerd/containerd/pull/11271',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-190@2017#4.5.1',
    'nist-800-53@5.1.1#AC-6',
    'nist-800-53@5.1.1#SC-3',
    'disa-container-srg@v2r4#SRG-APP-000340-CTR-000770',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'open',
  subject: 'default-root',
  alsoIn: ['host-path'],
  // Opened for writing and closed at once; nothing is ever written.
  attempt: ['/sys/module/kernel/parameters/panic', '/sys/kernel/mm/transparent_hugepage/enabled'].map(openForWriting),
  reached: allowed(),
  // sysfs is one file system for a network namespace, read-only as a whole where it was mounted so first: by the sandbox of a
  // privileged pod, too, under containerd before 2.0.4. The node's own is never so.
  control: onReference('host-namespaces'),
  expect: {
    'shared-kernel': deniedWith('EROFS'),
    'application-kernel': stopped('absent', 'denied', 'contained'),
    // Kata's own kernel is built without transparent huge pages.
    'guest-kernel': stopped('denied', 'absent', 'contained'),
  },
  // Its root does not own the file, which the kernel looks at before it looks at the mount.
  expectInUserNamespace: { 'shared-kernel': deniedWith('EACCES', 'EROFS') },
});
