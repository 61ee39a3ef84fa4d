import { defineCheck, descriptors, onReference, stopped } from '../../harness/check.ts';
import { descriptorLeaked } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/no-descriptor-leads-outside',
  claim:
    'The first process of a pod inherits nothing of the node that is open, beside the pipes of its standard streams.',
  because:
    'A descriptor survives chroot and pivot_root: all that is below a directory (CVE-2024-21626), behind a socket or on a disk stays in reach.',
  references: [
    'https://nvd.nist.gov/vuln/detail/CVE-2024-21626',
    'https://man7.org/linux/man-pages/man5/proc_pid_fd.5.html',
  ],
  requirements: [
    'nist-800-190@2017#4.4.1',
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-3',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000595',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted', 'privileged', 'host-path'],
  // The control leaks one to itself: the root of the node's first process, which only its profile can open.
  attempt: descriptors(),
  reached: descriptorLeaked(),
  control: onReference('host-namespaces', descriptors('/proc/1/root')),
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent'),
    'guest-kernel': stopped('absent', 'contained'),
  },
});
