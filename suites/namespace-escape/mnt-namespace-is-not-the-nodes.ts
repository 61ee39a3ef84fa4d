import { defineCheck, contained, namespaces, onReference } from '../../harness/check.ts';
import { inNamespaceOfTheNode } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/mnt-namespace-is-not-the-nodes',
  claim: "The pod is not in the node's mount namespace.",
  because: "In the node's mount namespace every file of the node has a path.",
  references: ['https://man7.org/linux/man-pages/man7/mount_namespaces.7.html'],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000431-CTR-001065',
    'cis-docker@1.6.0#5.20',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted', 'privileged', 'host-path'],
  // No breach is planted for it: a runtime that joined the node's mount namespace would make the node's root the container's.
  // No pod field shares the node's mount namespace, so the control looks at the node's first process instead of itself.
  attempt: namespaces(),
  reached: inNamespaceOfTheNode('mnt'),
  control: onReference('host-namespaces', namespaces('pid1')),
  expect: {
    'shared-kernel': contained,
    'application-kernel': contained,
    'guest-kernel': contained,
  },
});
