import { defineCheck, deniedWith, openDevice, stopped, weakened } from '../../harness/check.ts';
import { allowed } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'host-devices/memory-devices-cannot-be-opened',
  claim: 'A root process can open neither the physical memory nor the I/O ports of the node.',
  because: 'Through /dev/mem and /dev/port a process reads and writes the machine below the kernel.',
  references: ['https://man7.org/linux/man-pages/man4/mem.4.html'],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#CM-7',
    'nist-800-53@5.1.1#SC-4',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000595',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000600',
    'cis-docker@1.6.0#5.18',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'open',
  subject: 'default-root',
  attempt: [openDevice('c', '1', '1'), openDevice('c', '1', '4')],
  reached: allowed(),
  control: weakened('privileged'),
  expect: {
    'shared-kernel': deniedWith('EPERM'),
    'application-kernel': stopped('absent', 'denied'),
    'guest-kernel': stopped('absent', 'denied', 'contained'),
  },
});
