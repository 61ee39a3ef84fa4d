import { defineCheck, list, onReference, stopped } from '../../harness/check.ts';
import { volumeOfAnother } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/volume-of-the-pod-is-its-own',
  claim: 'A new, empty volume of a pod is empty.',
  because:
    "A runtime that mounts something else in its place hands out the node's files, or those of another pod, to be written to as well.",
  references: [
    'https://kubernetes.io/docs/concepts/storage/volumes/#emptydir',
    'https://github.com/opencontainers/runtime-spec/blob/main/config.md#mounts',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-3',
    'nist-800-53@5.1.1#SC-4',
    'nist-800-53@5.1.1#SC-39',
    'mitre-attack@18.1#T1611',
    'iso-27001@2022#A.8.3',
  ],
  touch: 'read',
  subject: 'default-root',
  // Every pod of the suite has one. Where the mount comes from, only the node's own kernel tells; what is in it, everybody.
  attempt: list('/tmp'),
  reached: volumeOfAnother(),
  // The volume of which the control knows that the node has files in it.
  control: onReference('host-path', list('{canaryDirectory}')),
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent'),
    'guest-kernel': stopped('absent'),
  },
});
