import { defineCheck, deniedWith, mayUseDevice, stopped, weakened } from '../../harness/check.ts';
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
  // By the numbers of the kernel's list. The cgroup is asked before any driver, so the node need not have the device, and
  // nothing is opened. Without /dev/net/tun, which runc 1.1 and crun let through for everybody (opencontainers/runc,
  // specconv.AllowedDevices).
  attempt: [
    mayUseDevice('c', '4', '1'), // a virtual terminal
    mayUseDevice('c', '4', '64'), // a serial port
    mayUseDevice('c', '7', '0'), // what stands on the node's console
    mayUseDevice('c', '10', '144'), // the memory of the firmware's settings
    mayUseDevice('c', '10', '196'), // VFIO, which hands out hardware
    mayUseDevice('c', '10', '203'), // character devices of programs (CUSE)
    mayUseDevice('c', '10', '223'), // uinput
    mayUseDevice('c', '10', '224'), // TPM
    mayUseDevice('c', '10', '228'), // HPET
    mayUseDevice('c', '10', '229'), // fuse
    mayUseDevice('c', '10', '231'), // snapshots for hibernation
    mayUseDevice('c', '10', '232'), // KVM
    mayUseDevice('c', '10', '234'), // control of btrfs
    mayUseDevice('c', '10', '235'), // autofs
    mayUseDevice('c', '10', '236'), // device mapper
    mayUseDevice('c', '10', '237'), // loop control
    mayUseDevice('c', '10', '238'), // vhost-net
    mayUseDevice('c', '10', '239'), // uhid
    mayUseDevice('c', '10', '241'), // vhost-vsock
    mayUseDevice('c', '13', '63'), // all mice
    mayUseDevice('c', '13', '64'), // events of input devices
    mayUseDevice('c', '21', '0'), // generic SCSI
    mayUseDevice('c', '29', '0'), // frame buffer
    mayUseDevice('c', '81', '0'), // cameras
    mayUseDevice('c', '108', '0'), // PPP
    mayUseDevice('c', '116', '0'), // sound
    mayUseDevice('c', '189', '0'), // USB
    mayUseDevice('c', '195', '0'), // NVIDIA's processors
    mayUseDevice('c', '195', '255'), // and their control
    mayUseDevice('c', '202', '0'), // registers of the processor
    mayUseDevice('c', '226', '0'), // graphics
    mayUseDevice('c', '226', '128'), // rendering
    mayUseDevice('c', '231', '192'), // InfiniBand
    mayUseDevice('b', '7', '0'), // loop
    mayUseDevice('b', '8', '0'), // SCSI
    mayUseDevice('b', '9', '0'), // software RAID
    mayUseDevice('b', '11', '0'), // CD-ROM
    mayUseDevice('b', '43', '0'), // a disk over the network
    mayUseDevice('b', '179', '0'), // memory cards
    mayUseDevice('b', '253', '0'), // what device mapper usually gets, LVM for one
    mayUseDevice('b', '259', '0'), // NVMe
  ],
  reached: allowed(),
  control: weakened('privileged'),
  expect: {
    'shared-kernel': deniedWith('EPERM'),
    'application-kernel': stopped('absent', 'denied', 'contained'),
    'guest-kernel': stopped('absent', 'denied', 'contained'),
  },
});
