import { definePathCheck, stopped } from '../../harness/check.ts';

export default definePathCheck({
  id: 'tenant-network/default-deny-survives-a-privileged-pod',
  claim:
    'The policy holds although the pod it protects is privileged and deletes every packet filter rule it can reach.',
  because: "A policy that is enforced inside the pod's own network namespace is one that the pod can lift.",
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
    'https://man7.org/linux/man-pages/man8/nft.8.html',
  ],
  requirements: [
    'nist-800-190@2017#4.3.3',
    'nist-800-53@5.1.1#SC-7',
    'cis-kubernetes@1.12#5.3.2',
    'nist-800-53@5.1.1#AC-4',
  ],
  touch: 'open',
  network: 'tcp',
  server: 'flushing',
  phase: 'closed',
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': stopped('denied'),
    'guest-kernel': stopped('denied'),
  },
});
