import { defineCheck, deniedWith, openByHandle, stopped, weakened } from '../../harness/check.ts';
import { canaryFound } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/file-handles-do-not-reach-the-node',
  claim: 'A root process cannot open a file of the node by its file handle.',
  because:
    'A file handle passes by every mount namespace: with it, one file of a file system opens all of them (“shocker”, 2014).',
  references: ['https://man7.org/linux/man-pages/man2/open_by_handle_at.2.html'],
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
  attempt: openByHandle('file', '/etc/hosts'),
  reached: canaryFound(),
  control: weakened('privileged'),
  expect: {
    'shared-kernel': deniedWith('EPERM'),
    'application-kernel': stopped('absent', 'denied'),
    'guest-kernel': stopped('absent', 'denied'),
  },
});
