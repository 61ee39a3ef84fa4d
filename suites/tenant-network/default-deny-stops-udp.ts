import { definePathCheck, stopped } from '../../harness/check.ts';

export default definePathCheck({
  id: 'tenant-network/default-deny-stops-udp',
  claim: "A default-deny ingress policy keeps another tenant's UDP out.",
  because: 'UDP has no connection to refuse: an engine that looks at connections alone lets it pass.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  requirements: [
    'nist-800-190@2017#4.3.3',
    'nist-800-53@5.1.1#SC-7',
    'cis-kubernetes@1.12#5.3.2',
    'nist-800-53@5.1.1#AC-4',
  ],
  touch: 'open',
  network: 'udp',
  server: 'plain',
  phase: 'closed',
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': stopped('denied'),
    'guest-kernel': stopped('denied'),
  },
});
