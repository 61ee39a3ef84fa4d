import { defineCheck, executed, onReference, stopped } from '../../harness/check.ts';
import { capabilitiesBeyond } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/restricted-executed-process-has-no-capabilities',
  claim: 'A process that is executed in a pod that drops all capabilities has none, in effect or to regain.',
  because: 'What a pod dropped has to stay dropped for whoever opens a shell in it.',
  references: [
    'https://man7.org/linux/man-pages/man7/capabilities.7.html',
    'https://github.com/kata-containers/kata-containers/blob/main/tests/integration/kubernetes/k8s-caps.bats',
    'https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-6',
    'nist-800-53@5.1.1#CM-7',
    'disa-container-srg@v2r4#SRG-APP-000342-CTR-000775',
    'cis-kubernetes@1.12#5.2.9',
    'pci-dss@4.0.1#7.2.2',
    'iso-27001@2022#A.8.9',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'restricted',
  attempt: executed('credentials'),
  reached: capabilitiesBeyond([]),
  control: onReference('default-root'),
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': stopped('denied'),
    'guest-kernel': stopped('denied'),
  },
});
