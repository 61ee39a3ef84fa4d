import { defineCheck, exposed, onReference, openByHandle, stopped } from '../../harness/check.ts';
import { canaryFound } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/privileged-pod-cannot-read-the-nodes-files',
  claim: 'Not even a privileged pod reads a file of the node that was not given to it.',
  because: 'It is the contrast for which sandboxed runtimes exist: all rights inside, and still nothing of the node.',
  references: [
    'https://man7.org/linux/man-pages/man2/open_by_handle_at.2.html',
    'https://github.com/kata-containers/kata-containers/blob/main/docs/design/architecture/README.md',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-3',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000595',
    'cis-kubernetes@1.12#5.2.2',
    'cis-docker@1.6.0#5.5',
    'pci-dss@4.0.1#A1.1.3',
    'pci-containers@1.0#3.1',
    'pci-containers@1.0#9.1',
    'iso-27001@2022#A.8.3',
    'hipaa@2013#164.312(a)(1)',
    'gdpr@2016-679#32(1)(b)',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'canary',
  subject: 'privileged',
  attempt: openByHandle('file', '/etc/hosts'),
  reached: canaryFound(),
  control: onReference('privileged'),
  expect: {
    'shared-kernel': exposed('a privileged pod of a shared kernel is root on its node'),
    'application-kernel': stopped('absent', 'denied'),
    'guest-kernel': stopped('absent', 'denied'),
  },
});
