import { defineCheck, executed, onReference, stopped } from '../../harness/check.ts';
import { runsAsAnotherThan } from '../../harness/oracles.ts';
import { restrictedUser } from '../../fixtures/profiles.ts';

export default defineCheck({
  id: 'namespace-escape/restricted-executed-process-is-not-root',
  claim:
    'A process that is executed in a pod that asks for another user than root runs as the user and the group that the pod asks for, and in no group that nobody gave it.',
  because:
    "Every fault that needs root begins with a process that already is, and another user's files are open to who runs as that user.",
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
    'https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-6',
    'nist-800-53@5.1.1#CM-7',
    'cis-kubernetes@1.12#5.2.7',
    'pci-dss@4.0.1#7.2.2',
    'iso-27001@2022#A.8.9',
  ],
  touch: 'read',
  subject: 'restricted',
  attempt: executed('credentials'),
  reached: runsAsAnotherThan(restrictedUser),
  control: onReference('default-root'),
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': stopped('denied'),
    'guest-kernel': stopped('denied'),
  },
});
