import { defineAttributionCheck, stopped } from '../../harness/check.ts';

export default defineAttributionCheck({
  id: 'runtime-attribution/handler-is-what-it-claims',
  claim: "What runs the handler's pods on the node is of the isolation class that the handler claims.",
  because: 'A RuntimeClass is a name: a handler that falls back to runc keeps it.',
  references: [
    'https://kubernetes.io/docs/concepts/containers/runtime-class/',
    'https://github.com/kata-containers/kata-containers/blob/main/docs/design/architecture/README.md',
    'https://gvisor.dev/docs/architecture_guide/security/',
  ],
  requirements: ['nist-800-53@5.1.1#SI-6', 'nist-800-53@5.1.1#CA-8'],
  touch: 'read',
  about: 'node-view',
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent'),
    'guest-kernel': stopped('absent'),
  },
});
