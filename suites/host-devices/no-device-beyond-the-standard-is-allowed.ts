import { defineCheck, deniedWith, mayWriteDevice, stopped, weakened } from '../../harness/check.ts';
import { allowed } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'host-devices/no-device-beyond-the-standard-is-allowed',
  claim: 'A root process may use no device of the node beyond those that every container has, under whatever name.',
  because:
    'CAP_MKNOD is in every default set: what the device cgroup lets through can be made, also where no file of it is in /dev.',
  references: [
    'https://www.kernel.org/doc/Documentation/admin-guide/devices.txt',
    'https://www.kernel.org/doc/html/latest/admin-guide/cgroup-v2.html#device-controller',
    'https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#default-devices',
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
  // By the numbers of the kernel's list. The cgroup is asked before any driver, so the node need not have the device, and nothing
  // is opened. Without /dev/net/tun, which runc 1.1 and crun let through for everybody (opencontainers/runc, specconv.AllowedDevices).
  attempt: [
    mayWriteDevice('c', '4', '1'), // a virtual terminal
    mayWriteDevice('c', '10', '223'), // uinput
    mayWriteDevice('c', '10', '229'), // fuse
    mayWriteDevice('c', '10', '231'), // snapshots for hibernation
    mayWriteDevice('c', '10', '232'), // KVM
    mayWriteDevice('c', '10', '236'), // device mapper
    mayWriteDevice('c', '10', '237'), // loop control
    mayWriteDevice('c', '10', '238'), // vhost-net
    mayWriteDevice('c', '10', '241'), // vhost-vsock
    mayWriteDevice('c', '21', '0'), // generic SCSI
    mayWriteDevice('c', '29', '0'), // frame buffer
    mayWriteDevice('c', '202', '0'), // registers of the processor
    mayWriteDevice('c', '226', '0'), // graphics
    mayWriteDevice('b', '7', '0'), // loop
    mayWriteDevice('b', '8', '0'), // SCSI
    mayWriteDevice('b', '259', '0'), // NVMe
  ],
  reached: allowed(),
  control: weakened('privileged'),
  expect: {
    'shared-kernel': deniedWith('EPERM'),
    'application-kernel': stopped('absent', 'denied', 'contained'),
    'guest-kernel': stopped('absent', 'denied', 'contained'),
  },
});
