import { defineCheck, onReference, read, stopped } from '../../harness/check.ts';
import { fileOfAnother } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/files-of-the-pod-are-its-own',
  claim: 'The files that every pod is given are those of this pod: hosts, hostname, resolv.conf and termination log.',
  because:
    "A runtime that puts a file of the node, or another pod's, there hands out what is in it, and makes the pod believe that it is somebody else.",
  references: [
    'https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/',
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-hostname/',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-3',
    'nist-800-53@5.1.1#SC-39',
    'mitre-attack@18.1#T1611',
    'iso-27001@2022#A.8.3',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['host-path'],
  attempt: [read('/etc/hosts'), read('/etc/hostname'), read('/etc/resolv.conf'), read('/dev/termination-log')],
  reached: fileOfAnother(),
  // No pod has a file of the node there that asks for none: the control reads one at the place where its volume has it.
  control: onReference('host-path', read('{canaryDirectory}/canary')),
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent'),
    'guest-kernel': stopped('absent'),
  },
});
