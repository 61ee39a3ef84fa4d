import { defineCheck, deniedWith, openForWriting, stopped, weakened } from '../../harness/check.ts';
import { allowed } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/cgroup-hierarchy-is-not-writable',
  claim: 'A root process cannot change its own cgroup, nor set a release agent.',
  because:
    "A writable hierarchy lifts the pod's limits; cgroup v1's release_agent is a program that the node's kernel starts as root (CVE-2022-0492).",
  references: [
    'https://www.kernel.org/doc/html/latest/admin-guide/cgroup-v2.html#delegation',
    'https://nvd.nist.gov/vuln/detail/CVE-2022-0492',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-6',
    'disa-container-srg@v2r4#SRG-APP-000340-CTR-000770',
    'pci-dss@4.0.1#2.2.6',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'open',
  subject: 'default-root',
  alsoIn: ['host-path'],
  // Of v2, and of v1, where every controller has a hierarchy of its own.
  attempt: ['cgroup.procs', 'release_agent', 'memory/cgroup.procs', 'memory/release_agent'].map((file) =>
    openForWriting(`/sys/fs/cgroup/${file}`),
  ),
  reached: allowed(),
  control: weakened('privileged'),
  expect: {
    'shared-kernel': deniedWith('EROFS'),
    'application-kernel': stopped('absent', 'denied', 'contained'),
    // Guest and node may have different versions of cgroups: each version has one of the files only.
    'guest-kernel': stopped('denied', 'absent', 'contained'),
  },
  // Its root does not own the file, which the kernel looks at before it looks at the mount.
  expectInUserNamespace: { 'shared-kernel': deniedWith('EACCES', 'EROFS') },
});
