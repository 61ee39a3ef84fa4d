import { defineCheck, deniedWith, mayUseDevice, openDevice, stopped, weakened } from '../../harness/check.ts';
import { allowed } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'host-devices/kernel-log-device-cannot-be-opened',
  claim: "A root process cannot open the node's kernel log through a device node of its own.",
  because: "/dev/kmsg lets a process read the node's log, and write lines into it that look like the kernel's.",
  references: ['https://www.kernel.org/doc/Documentation/ABI/testing/dev-kmsg'],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#CM-7',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000595',
    'cis-docker@1.6.0#5.18',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'open',
  subject: 'default-root',
  // The device cgroup has a rule for writing of its own, and the kernel asks no privilege for it.
  attempt: [openDevice('c', '1', '11'), mayUseDevice('c', '1', '11')],
  reached: allowed(),
  control: weakened('privileged'),
  expect: {
    'shared-kernel': deniedWith('EPERM'),
    'application-kernel': stopped('absent', 'denied', 'contained'),
    'guest-kernel': stopped('absent', 'denied', 'contained'),
  },
});
