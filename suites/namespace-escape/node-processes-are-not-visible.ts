import { defineCheck, contained, onReference, searchProcesses } from '../../harness/check.ts';
import { canaryFound } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/node-processes-are-not-visible',
  claim: 'A pod does not see a process of the node.',
  because:
    'What can be seen can be named: command lines hold secrets, and a process id is the handle for signals and tracing.',
  references: ['https://man7.org/linux/man-pages/man7/pid_namespaces.7.html'],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000431-CTR-001065',
    'cis-kubernetes@1.12#5.2.3',
    'cis-docker@1.6.0#5.16',
    'pci-dss@4.0.1#A1.1.3',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
    'mitre-attack@18.1#T1613',
  ],
  touch: 'canary',
  subject: 'default-root',
  attempt: searchProcesses('process'),
  reached: canaryFound(),
  control: onReference('host-namespaces'),
  expect: {
    'shared-kernel': contained,
    'application-kernel': contained,
    'guest-kernel': contained,
  },
});
