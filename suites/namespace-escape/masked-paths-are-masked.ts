import { defineCheck, notThere, onReference, peek, stopped } from '../../harness/check.ts';
import { notMasked } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/masked-paths-are-masked',
  claim: 'The paths of /proc and /sys that the runtime specification has masked have no content for an ordinary pod.',
  because:
    "They tell of the node's memory, keys, timers, interrupts and firmware: side channels and secrets of everybody on it.",
  references: [
    'https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#masked-paths',
    'https://github.com/kubernetes/kubernetes/pull/131018',
  ],
  requirements: ['nist-800-190@2017#4.4.3', 'nist-800-53@5.1.1#SC-39', 'mitre-attack#T1611', 'nist-800-53@5.1.1#SC-4'],
  touch: 'read',
  subject: 'default-root',
  attempt: [
    '/proc/kcore',
    '/proc/keys',
    '/proc/timer_list',
    '/proc/interrupts',
    '/proc/acpi',
    '/proc/scsi',
    '/proc/latency_stats',
    '/proc/sched_debug',
    '/proc/timer_stats',
    '/sys/firmware',
    '/sys/devices/virtual/powercap',
  ].map(peek),
  reached: notMasked(),
  control: onReference('privileged'),
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': notThere('gVisor has no such file'),
    'guest-kernel': stopped('denied', 'absent', 'contained'),
  },
});
