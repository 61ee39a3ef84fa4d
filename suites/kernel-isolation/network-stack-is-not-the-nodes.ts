import { connectTcp, contained, defineCheck, exposed, onReference } from '../../harness/check.ts';
import { nodeSocketSeen } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'kernel-isolation/network-stack-is-not-the-nodes',
  claim: "The pod's connections are held by another network stack than the node's.",
  because:
    "What comes from the network meets the stack first: a fault in the node's is a fault in everybody's, whatever else the pod is kept from.",
  references: [
    'https://gvisor.dev/docs/user_guide/networking/',
    'https://man7.org/linux/man-pages/man5/proc_pid_net.5.html',
  ],
  requirements: [
    'nist-800-190@2017#4.5.2',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000431-CTR-001065',
    'pci-dss@4.0.1#A1.1.1',
    'pci-containers@1.0#9.1',
    'iso-27001@2022#A.8.27',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'open',
  subject: 'default-root',
  // Every container listens on a port that no other does; the witness looks for it in the network namespaces of the run's pods.
  attempt: connectTcp('127.0.0.1:{stack.port}'),
  reached: nodeSocketSeen(),
  control: onReference('default-root'),
  expect: {
    'shared-kernel': exposed('a container shares the kernel of its node by design, network stack included'),
    'application-kernel': contained,
    'guest-kernel': contained,
  },
});
