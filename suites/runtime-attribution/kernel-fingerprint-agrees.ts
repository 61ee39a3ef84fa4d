import { defineAttributionCheck, stopped } from '../../harness/check.ts';

export default defineAttributionCheck({
  id: 'runtime-attribution/kernel-fingerprint-agrees',
  claim: 'What a pod sees of its own kernel is of the isolation class that its handler claims.',
  because: "A second signal, independent of the node's word: two that agree are hard to fake together.",
  references: [
    'https://kubernetes.io/docs/concepts/containers/runtime-class/',
    'https://gvisor.dev/docs/architecture_guide/security/',
  ],
  requirements: ['nist-800-53@5.1.1#CA-8', 'nist-800-53@5.1.1#CM-3(2)', 'nist-800-53@5.1.1#SI-6'],
  touch: 'read',
  about: 'pod-view',
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent'),
    'guest-kernel': stopped('absent'),
  },
});
