import { defineCheck, executed, onReference, stopped } from '../../harness/check.ts';
import { callsNotFiltered } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/executed-process-is-filtered',
  claim: "A process that is executed in a running pod does not have all system calls of the node's kernel.",
  because:
    "The filter of a container's first process is not that of one that is executed later: a runtime has to load it once more.",
  references: [
    'https://man7.org/linux/man-pages/man2/seccomp.2.html',
    'https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/',
  ],
  requirements: [
    'cis-docker@1.6.0#5.22',
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-6',
    'nist-800-53@5.1.1#CM-7',
    'nist-800-190@2017#4.5.1',
    'iso-27001@2022#A.8.9',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted'],
  // Kata and gVisor apply no filter of the pod's by default: what calls reach there is a kernel of the pod's own.
  attempt: executed('credentials'),
  reached: callsNotFiltered(),
  control: onReference('privileged'),
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': stopped('contained', 'denied'),
    'guest-kernel': stopped('contained', 'denied', 'absent'),
  },
});
