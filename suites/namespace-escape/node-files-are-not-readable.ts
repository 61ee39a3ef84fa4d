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
    'nist-800-53@5.1.1#SC-39',
    'mitre-attack#T1611',
    'cis-kubernetes@1.12#5.2.10',
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
