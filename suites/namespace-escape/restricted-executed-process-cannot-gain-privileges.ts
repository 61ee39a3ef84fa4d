import { defineCheck, executed, exposed, notThere, onReference, stopped } from '../../harness/check.ts';
import { privilegesCanBeGained } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/restricted-executed-process-cannot-gain-privileges',
  claim:
    'A process that is executed in a pod that forbids privilege escalation cannot gain privileges by running a program.',
  because:
    "A set-user-ID program in an image makes root of any user who may run it, in a shell as in the pod's own program.",
  references: [
    'https://www.kernel.org/doc/html/latest/userspace-api/no_new_privs.html',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
    'https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/',
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
  attempt: executed('credentials'),
  reached: privilegesCanBeGained(),
  control: onReference('default-root'),
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': notThere('gVisor does not show no_new_privs'),
    'guest-kernel': exposed(
      "Kata's agent starts executed processes without no_new_privs: what they can gain are rights in the pod's own guest",
    ),
  },
});
