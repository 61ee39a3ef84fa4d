import { addresses, defineCheck, onReference, stopped } from '../../harness/check.ts';
import { addressOfNobody } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'tenant-network/addresses-are-known-to-the-cluster',
  claim: 'A pod has no address but those that the cluster knows it by.',
  because: "Policies are enforced on the addresses in a pod's status: at another one it is reached past all of them.",
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
    'https://kubernetes.io/docs/concepts/services-networking/dual-stack/',
    'https://www.cni.dev/docs/spec/',
  ],
  requirements: ['nist-800-190@2017#4.3.3', 'nist-800-53@5.1.1#SC-7', 'nist-800-53@5.1.1#AC-4'],
  touch: 'read',
  subject: 'restricted',
  alsoIn: ['host-path'],
  attempt: addresses(),
  reached: addressOfNobody(),
  // In the network namespace of the node are the addresses of its bridges and tunnels, too.
  control: onReference('host-namespaces'),
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent'),
    'guest-kernel': stopped('absent'),
  },
});
