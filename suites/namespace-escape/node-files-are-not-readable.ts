import { defineCheck, onReference, searchFiles, stopped } from '../../harness/check.ts';
import { canaryFound } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/node-files-are-not-readable',
  claim: 'No path leads a root process to a file of the node that was not given to it.',
  because: "Below the pod's root lies the node's: a path that climbs out of one ends in the other.",
  references: [
    'https://man7.org/linux/man-pages/man7/path_resolution.7.html',
    'https://man7.org/linux/man-pages/man2/pivot_root.2.html',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-3',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000595',
    'cis-kubernetes@1.12#5.2.11',
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
    '{canaryDirectory}/canary',
    '/../../../..{canaryDirectory}/canary',
    '/proc/self/root/../../..{canaryDirectory}/canary',
    '/proc/self/cwd/../../..{canaryDirectory}/canary',
  ]),
  reached: canaryFound(),
  control: onReference('host-path'),
  expect: {
    'shared-kernel': stopped('absent', 'denied'),
    'application-kernel': stopped('absent', 'denied'),
    'guest-kernel': stopped('absent', 'denied'),
  },
});
