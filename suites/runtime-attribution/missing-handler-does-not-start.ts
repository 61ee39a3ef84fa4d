import { defineAttributionCheck, stopped } from '../../harness/check.ts';

export default defineAttributionCheck({
  id: 'runtime-attribution/missing-handler-does-not-start',
  claim: 'A pod whose RuntimeClass names a handler that no node has does not start.',
  because: 'If a typing error in a RuntimeClass silently gives runc, no name can be relied on.',
  references: [
    'https://kubernetes.io/docs/concepts/containers/runtime-class/',
    'https://github.com/kata-containers/runtime/issues/3125',
  ],
  requirements: [
    'nist-800-53@5.1.1#CA-8',
    'nist-800-53@5.1.1#SC-24',
    'nist-800-53@5.1.1#SI-6',
    'disa-container-srg@v2r4#SRG-APP-000225-CTR-000570',
  ],
  touch: 'read',
  about: 'missing-handler',
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': stopped('denied'),
    'guest-kernel': stopped('denied'),
  },
});
