import { defineCheck, connectTcp, onReference, stopped } from '../../harness/check.ts';
import { canaryFound } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'tenant-network/node-loopback-is-not-reachable',
  claim: "A pod's loopback is not the node's.",
  because: "Services listen on the node's loopback because they trust whoever can reach it.",
  references: [
    'https://man7.org/linux/man-pages/man7/network_namespaces.7.html',
    'https://nvd.nist.gov/vuln/detail/CVE-2020-8558',
  ],
  requirements: [
    'nist-800-190@2017#4.3.3',
    'nist-800-53@5.1.1#SC-2',
    'nist-800-53@5.1.1#SC-7',
    'disa-container-srg@v2r4#SRG-APP-000211-CTR-000530',
    'cis-kubernetes@1.12#5.2.5',
    'cis-docker@1.6.0#5.10',
    'mitre-attack@18.1#T1046',
  ],
  touch: 'canary',
  subject: 'restricted',
  attempt: connectTcp('127.0.0.1:{loopback.port}'),
  reached: canaryFound(),
  control: onReference('host-namespaces'),
  expect: {
    'shared-kernel': stopped('denied', 'absent'),
    'application-kernel': stopped('denied', 'absent'),
    'guest-kernel': stopped('denied', 'absent'),
  },
});
