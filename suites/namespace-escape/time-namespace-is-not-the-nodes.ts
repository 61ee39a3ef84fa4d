import { defineCheck, contained, exposed, namespaces, onReference } from '../../harness/check.ts';
import { inNamespaceOfTheNode } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/time-namespace-is-not-the-nodes',
  claim: "The pod is not in the node's time namespace.",
  because: "In the node's time namespace the pod's clocks are the node's.",
  references: ['https://man7.org/linux/man-pages/man7/time_namespaces.7.html'],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#SC-4',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000431-CTR-001065',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'default-root',
  attempt: namespaces(),
  reached: inNamespaceOfTheNode('time'),
  control: onReference('default-root'),
  expect: {
    'shared-kernel': exposed('no container runtime makes a time namespace'),
    'application-kernel': contained,
    'guest-kernel': contained,
  },
});
