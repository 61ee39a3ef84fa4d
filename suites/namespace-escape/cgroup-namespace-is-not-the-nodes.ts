import { contained, defineCheck, namespaces, notThere, onReference } from '../../harness/check.ts';
import { inNamespaceOfTheNode } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/cgroup-namespace-is-not-the-nodes',
  claim: "The pod is in a cgroup namespace of its own: neither the node's nor another pod's.",
  because: "Without a cgroup namespace a pod sees where in the node's hierarchy it stands, and who stands beside it.",
  references: ['https://man7.org/linux/man-pages/man7/cgroup_namespaces.7.html'],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000431-CTR-001065',
    'cis-docker@1.6.0#5.25',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted', 'host-path'],
  attempt: namespaces(),
  reached: inNamespaceOfTheNode('cgroup'),
  control: onReference('privileged'),
  expect: {
    'shared-kernel': notThere('the node has cgroup v1, under which no container engine makes one', ['contained']),
    'application-kernel': contained,
    'guest-kernel': contained,
  },
});
