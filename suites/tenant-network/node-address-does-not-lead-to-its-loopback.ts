import { defineCheck, connectTcp, connectUdp, onReference, stopped } from '../../harness/check.ts';
import { canaryFound } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'tenant-network/node-address-does-not-lead-to-its-loopback',
  claim: "What a pod sends to an address of its node is not handed to a service on the node's loopback.",
  because:
    'Services listen on the loopback because they trust whoever can reach it; one rule of address translation lets everybody.',
  references: [
    'https://nvd.nist.gov/vuln/detail/CVE-2020-8558',
    'https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html',
  ],
  requirements: [
    'nist-800-190@2017#4.3.3',
    'nist-800-53@5.1.1#SC-2',
    'nist-800-53@5.1.1#SC-7',
    'disa-container-srg@v2r4#SRG-APP-000211-CTR-000530',
    'mitre-attack@18.1#T1046',
  ],
  touch: 'canary',
  subject: 'restricted',
  // The gateway of the pods is one of the node's addresses as well, or else the node's address takes its place.
  attempt: [
    connectTcp('{nodeAddress}:{loopback.port}'),
    connectTcp('{gateway}:{loopback.port}'),
    connectUdp('{nodeAddress}:{loopback.udpPort}'),
    connectUdp('{gateway}:{loopback.udpPort}'),
  ],
  reached: canaryFound(),
  // On the node the service is to be found where it listens.
  control: onReference('host-namespaces', [
    connectTcp('127.0.0.1:{loopback.port}'),
    connectTcp('127.0.0.1:{loopback.port}'),
    connectUdp('127.0.0.1:{loopback.udpPort}'),
    connectUdp('127.0.0.1:{loopback.udpPort}'),
  ]),
  expect: {
    'shared-kernel': stopped('denied', 'absent'),
    'application-kernel': stopped('denied', 'absent'),
    'guest-kernel': stopped('denied', 'absent'),
  },
});
