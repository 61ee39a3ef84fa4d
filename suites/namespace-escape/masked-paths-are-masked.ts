import { defineCheck, notThere, onReference, peek, stopped } from '../../harness/check.ts';
import { notMasked } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/masked-paths-are-masked',
  claim: 'The paths of /proc and /sys that the kubelet has masked have no content for an ordinary pod.',
  because:
    "They tell of the node's memory, keys, timers, interrupts and firmware: side channels and secrets of everybody on it.",
  references: [
    'https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#masked-paths',
    'https://github.com/kubernetes/kubernetes/pull/131018',
    'https://github.com/kubernetes/kubernetes/pull/125970',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-190@2017#4.5.1',
    'nist-800-53@5.1.1#CM-7',
    'nist-800-53@5.1.1#SC-4',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000595',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000600',
    'pci-dss@4.0.1#2.2.6',
    'iso-27001@2022#A.8.9',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted', 'host-path'],
  attempt: [
    '/proc/kcore',
    '/proc/keys',
    '/proc/timer_list',
    '/proc/interrupts',
    '/proc/acpi',
    '/proc/asound',
    '/proc/scsi',
    '/proc/latency_stats',
    '/proc/sched_debug',
    '/proc/timer_stats',
    '/sys/firmware',
    '/sys/devices/virtual/powercap',
    '/sys/devices/system/cpu/cpu0/thermal_throttle',
  ].map(peek),
  reached: notMasked(),
  control: onReference('privileged'),
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': notThere('gVisor has no such file'),
    'guest-kernel': stopped('denied', 'absent', 'contained'),
  },
});
