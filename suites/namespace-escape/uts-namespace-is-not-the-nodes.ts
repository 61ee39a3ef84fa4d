import { defineCheck, contained, namespaces, onReference } from '../../harness/check.ts';
import { inNamespaceOfTheNode } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/uts-namespace-is-not-the-nodes',
  claim: "The pod is in a UTS namespace of its own: neither the node's nor another pod's.",
  because: "In the node's UTS namespace a pod can rename the node.",
  references: ['https://man7.org/linux/man-pages/man7/uts_namespaces.7.html'],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000431-CTR-001065',
    'cis-docker@1.6.0#5.21',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted', 'privileged', 'host-path'],
  attempt: namespaces(),
  reached: inNamespaceOfTheNode('uts'),
  control: onReference('host-namespaces'),
  expect: {
    'shared-kernel': contained,
    'application-kernel': contained,
    'guest-kernel': contained,
  },
});
