import { defineCheck, deniedWith, mayUseDevice, openDevice, stopped, weakened } from '../../harness/check.ts';
import { allowed } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'host-devices/node-disk-cannot-be-opened',
  claim: "A root process that makes a device node with the numbers of the node's disk cannot open it.",
  because:
    "CAP_MKNOD is in every runtime's default set: only the device cgroup, or another kernel, stands between a pod and the disk.",
  references: [
    'https://www.kernel.org/doc/html/latest/admin-guide/cgroup-v2.html#device-controller',
    'https://man7.org/linux/man-pages/man2/mknod.2.html',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-190@2017#4.5.5',
    'nist-800-53@5.1.1#CM-7',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000595',
    'cis-docker@1.6.0#5.18',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'open',
  subject: 'default-root',
  // Opened for reading and closed at once. Kata's guest enforces no device cgroup on cgroup v2: what opens there is the
  // guest's.
  attempt: [openDevice('b', '{disk.major}', '{disk.minor}'), mayUseDevice('b', '{disk.major}', '{disk.minor}')],
  reached: allowed(),
  control: weakened('privileged'),
  expect: {
    'shared-kernel': deniedWith('EPERM'),
    'application-kernel': stopped('absent', 'denied', 'contained'),
    'guest-kernel': stopped('absent', 'denied', 'contained'),
  },
});
