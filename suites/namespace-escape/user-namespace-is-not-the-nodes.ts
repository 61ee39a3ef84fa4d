import { defineCheck, contained, exposed, namespaces, onReference } from '../../harness/check.ts';
import { inNamespaceOfTheNode } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/user-namespace-is-not-the-nodes',
  claim: "The pod is not in the node's user namespace, and its root is not the node's.",
  because: "In the node's user namespace root in the pod is root on the node for whatever checks only the user id.",
  references: ['https://man7.org/linux/man-pages/man7/user_namespaces.7.html'],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000431-CTR-001065',
    'cis-docker@1.6.0#5.31',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'default-root',
  attempt: namespaces(),
  reached: inNamespaceOfTheNode('user'),
  control: onReference('default-root'),
  expect: {
    'shared-kernel': exposed('pods share the user namespace of their node unless hostUsers is false'),
    'application-kernel': contained,
    'guest-kernel': contained,
  },
  // Who asks for one is promised one.
  expectInUserNamespace: { 'shared-kernel': contained },
});
