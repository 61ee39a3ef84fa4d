import { defineCheck, mounts, stopped, weakened } from '../../harness/check.ts';
import { rootWritable } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/restricted-root-is-read-only',
  claim: 'A pod that asks for a read-only root file system has one.',
  because: 'What cannot be changed cannot be turned into a foothold that outlives the process that was attacked.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://github.com/opencontainers/runtime-spec/blob/main/config.md#root',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-6',
    'nist-800-53@5.1.1#CM-7',
    'cis-docker@1.6.0#5.13',
    'iso-27001@2022#A.8.9',
  ],
  touch: 'read',
  subject: 'restricted',
  attempt: mounts(),
  reached: rootWritable(),
  control: weakened('default-root'),
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': stopped('denied'),
    'guest-kernel': stopped('denied'),
  },
});
