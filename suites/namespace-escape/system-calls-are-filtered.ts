import { credentials, defineCheck, stopped, weakened } from '../../harness/check.ts';
import { callsNotFiltered } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/system-calls-are-filtered',
  claim: "An ordinary pod does not have all system calls of the node's kernel.",
  because: 'Most faults of a kernel are in calls that hardly any program needs: a filter keeps them out of reach.',
  references: [
    'https://man7.org/linux/man-pages/man2/seccomp.2.html',
    'https://kubernetes.io/docs/tutorials/security/seccomp/',
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
  alsoIn: ['host-path'],
  // Kata and gVisor apply no filter of the pod's by default: what calls reach there is a kernel of the pod's own.
  attempt: credentials(),
  reached: callsNotFiltered(),
  control: weakened('privileged'),
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': stopped('contained', 'denied'),
    'guest-kernel': stopped('contained', 'denied', 'absent'),
  },
});
