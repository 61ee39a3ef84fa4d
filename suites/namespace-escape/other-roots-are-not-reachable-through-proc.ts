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
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-3',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000595',
    'pci-dss@4.0.1#A1.1.3',
    'pci-containers@1.0#3.1',
    'iso-27001@2022#A.8.3',
    'hipaa@2013#164.312(a)(1)',
    'gdpr@2016-679#32(1)(b)',
    'mitre-attack@18.1#T1611',
  ],
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
