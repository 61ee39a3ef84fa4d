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
    'nist-800-53@5.1.1#AC-4',
    'nist-800-53@5.1.1#SC-7',
    'nist-800-53@5.1.1#SC-7(5)',
    'nist-800-53@5.1.1#SC-7(21)',
    'cis-kubernetes@1.12#5.2.2',
    'cis-kubernetes@1.12#5.3.1',
    'cis-kubernetes@1.12#5.3.2',
    'pci-dss@4.0.1#1.3.1',
    'pci-dss@4.0.1#2.2.3',
    'pci-dss@4.0.1#11.4.5',
    'pci-dss@4.0.1#11.4.6',
    'iso-27001@2022#A.8.20',
    'iso-27001@2022#A.8.22',
    'hipaa@2013#164.312(e)(1)',
    'mitre-attack@18.1#T1046',
  ],
  touch: 'open',
  network: 'tcp',
  server: 'flushing',
  phase: 'ingress-denied',
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': stopped('denied'),
    'guest-kernel': stopped('denied'),
  },
});
