import { credentials, defineCheck, notThere, stopped, weakened } from '../../harness/check.ts';
import { privilegesCanBeGained } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/restricted-pod-cannot-gain-privileges',
  claim: 'A pod that refuses privilege escalation cannot gain privileges by running a program.',
  because: 'Without no_new_privs, any set-user-ID program in the image makes its caller root.',
  references: [
    'https://www.kernel.org/doc/html/latest/userspace-api/no_new_privs.html',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
  ],
  requirements: [
    'cis-docker@1.6.0#5.26',
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-6',
    'nist-800-53@5.1.1#CM-7',
    'cis-kubernetes@1.12#5.2.6',
    'pci-dss@4.0.1#7.2.2',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'restricted',
  attempt: credentials(),
  reached: privilegesCanBeGained(),
  control: weakened('default-root'),
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': notThere('gVisor does not show no_new_privs'),
    'guest-kernel': stopped('denied'),
  },
});
