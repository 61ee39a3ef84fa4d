import { definePathCheck, reaches } from '../../harness/check.ts';

export default definePathCheck({
  id: 'tenant-network/tcp-is-open-without-a-policy',
  claim: 'Without a policy, a pod of one tenant reaches a pod of another over TCP.',
  because: 'It is what the other checks close: a path that was never open proves no policy.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  requirements: ['nist-800-53@5.1.1#CA-8', 'nist-800-53@5.1.1#SI-6', 'cis-kubernetes@1.12#5.3.1'],
  touch: 'open',
  network: 'tcp',
  server: 'plain',
  // No breach is planted for it: a path that is not open leaves the checks that close it undecided, and breaches nothing.
  phase: 'open',
  expect: {
    'shared-kernel': reaches,
    'application-kernel': reaches,
    'guest-kernel': reaches,
  },
});
