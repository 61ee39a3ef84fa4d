import { definePathCheck, stopped } from '../../harness/check.ts';

export default definePathCheck({
  id: 'tenant-network/default-deny-stops-tcp',
  claim: "A default-deny ingress policy keeps another tenant's TCP out.",
  because:
    'The policy is the only wall between tenants on one network, and an API server accepts it whether or not anything enforces it.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  requirements: [
    'nist-800-190@2017#4.3.3',
    'nist-800-53@5.1.1#AC-4',
    'nist-800-53@5.1.1#SC-7',
    'nist-800-53@5.1.1#SC-7(5)',
    'nist-800-53@5.1.1#SC-7(21)',
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
  server: 'plain',
  phase: 'ingress-denied',
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': stopped('denied'),
    'guest-kernel': stopped('denied'),
  },
});
