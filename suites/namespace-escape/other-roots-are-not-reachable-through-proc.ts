import { defineCheck, onReference, searchFiles, stopped } from '../../harness/check.ts';
import { canaryFound } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/other-roots-are-not-reachable-through-proc',
  claim: 'No link in /proc leads a root process to another root than its own.',
  because: '/proc/PID/root and cwd are doors into the file system of whatever process they belong to.',
  references: [
    'https://man7.org/linux/man-pages/man5/proc_pid_root.5.html',
    'https://man7.org/linux/man-pages/man5/proc_pid_cwd.5.html',
  ],
  requirements: ['nist-800-190@2017#4.4.3', 'nist-800-53@5.1.1#SC-39', 'mitre-attack#T1611'],
  touch: 'canary',
  subject: 'default-root',
  attempt: searchFiles('file', [
    '/proc/[0-9]*/root{canaryDirectory}/canary',
    '/proc/[0-9]*/cwd{canaryDirectory}/canary',
  ]),
  reached: canaryFound(),
  control: onReference('host-namespaces'),
  expect: {
    'shared-kernel': stopped('absent', 'denied', 'contained'),
    'application-kernel': stopped('absent', 'denied', 'contained'),
    'guest-kernel': stopped('absent', 'denied', 'contained'),
  },
});
