import { defineCheck, onReference, read, stopped } from '../../harness/check.ts';
import { fileSystemOfTheNode } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/file-systems-are-the-pods-own',
  claim: "A pod's device files, shared memory, message queues and terminals are in file systems of its own.",
  because:
    "What processes of the node put into /dev/shm or /dev/mqueue is for each other; in the node's own, any pod reads and writes it.",
  references: [
    'https://man7.org/linux/man-pages/man7/shm_overview.7.html',
    'https://man7.org/linux/man-pages/man7/mq_overview.7.html',
    'https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#SC-4',
    'nist-800-53@5.1.1#SC-39',
    'cis-docker@1.6.0#5.17',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted', 'host-path'],
  // The control looks at the mounts of the node's first process.
  attempt: read('/proc/self/mountinfo', 32_768),
  reached: fileSystemOfTheNode(),
  control: onReference('host-namespaces', read('/proc/1/mountinfo', 32_768)),
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent', 'contained'),
    'guest-kernel': stopped('absent', 'contained'),
  },
});
