import { defineCheck, executed, onReference, stopped } from '../../harness/check.ts';
import { variablesOfOthers } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/executed-process-environment-is-the-pods-own',
  claim:
    'The environment of a process that is executed in a running pod has nothing in it but what the pod, its image, Kubernetes and the container engine put there.',
  because:
    'A runtime enters the container as a program of the node, with an environment of its own. What it hands on, everybody reads who may open a shell.',
  references: [
    'https://github.com/opencontainers/runtime-spec/blob/main/config.md#process',
    'https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/',
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
  alsoIn: ['restricted'],
  // The names alone are told, never what a variable holds.
  attempt: executed('environment'),
  reached: variablesOfOthers(),
  // One container of the suite is given a variable that stands for another's, and what is executed in it has the same.
  control: onReference('unlimited'),
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent'),
    'guest-kernel': stopped('absent'),
  },
});
