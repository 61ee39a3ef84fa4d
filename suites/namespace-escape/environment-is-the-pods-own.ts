import { defineCheck, environment, onReference, stopped } from '../../harness/check.ts';
import { variablesOfOthers } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/environment-is-the-pods-own',
  claim:
    'The environment of a container has nothing in it but what its pod, its image, Kubernetes and the container engine put there.',
  because:
    "Tokens and passwords of the node's services stand in environments. A runtime, or a hook of one, that hands on its own gives them to every pod.",
  references: [
    'https://github.com/opencontainers/runtime-spec/blob/main/config.md#process',
    'https://github.com/cncf-tags/container-device-interface/blob/main/SPEC.md',
    'https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-3',
    'nist-800-53@5.1.1#SC-4',
    'mitre-attack@18.1#T1611',
    'iso-27001@2022#A.8.3',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted', 'privileged', 'host-path'],
  // The names alone are told, never what a variable holds.
  attempt: environment(),
  reached: variablesOfOthers(),
  // One container of the suite is given a variable that stands for another's, so that the look is seen to find one.
  control: onReference('unlimited'),
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent'),
    'guest-kernel': stopped('absent'),
  },
});
