import { defineCheck, onReference, read, stopped } from '../../harness/check.ts';
import { mountsPropagate } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/mounts-do-not-propagate',
  claim: "What a pod mounts does not appear on the node, nor what the node mounts in a pod's volume.",
  because:
    "A mount that is shared with the node's lets root in a pod put a file system of its own over a directory of the node; one that follows the node's shows a pod what is mounted there later.",
  references: [
    'https://man7.org/linux/man-pages/man7/mount_namespaces.7.html',
    'https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#rootfs-mount-propagation',
    'https://kubernetes.io/docs/concepts/storage/volumes/#mount-propagation',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-3',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000595',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
    'cis-docker@1.6.0#5.20',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted', 'host-path'],
  // The control looks at the mounts of the node's first process, which systemd shares with everybody.
  attempt: read('/proc/self/mountinfo', 32_768),
  reached: mountsPropagate(),
  control: onReference('host-namespaces', read('/proc/1/mountinfo', 32_768)),
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent', 'contained'),
    'guest-kernel': stopped('absent', 'contained'),
  },
});
