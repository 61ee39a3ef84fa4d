import { defineCheck, connectUdp, onReference, sendPacket, stopped } from '../../harness/check.ts';
import { canaryFound } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'tenant-network/martian-packets-do-not-reach-the-nodes-loopback',
  claim: 'A packet for 127.0.0.1 that a pod forges is not taken by its node.',
  because:
    "A node that routes packets of others to its loopback (route_localnet, which kube-proxy sets for NodePorts) opens the services there to every pod that may forge packets. With containerd's default capabilities each may.",
  references: [
    'https://nvd.nist.gov/vuln/detail/CVE-2020-8558',
    'https://github.com/kubernetes/kubernetes/issues/92315',
    'https://www.rfc-editor.org/rfc/rfc1122#section-3.2.1.3',
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
  // With CAP_NET_RAW, where the container engine gives it to whoever asks for nothing.
  subject: 'default-root',
  // The gateway of the pods where it is the node's own; of another machine it would say nothing, and the node's address
  // takes its place.
  attempt: sendPacket('127.0.0.1:{loopback.udpPort}', '{gateway}'),
  reached: canaryFound(),
  // On the node the service is to be found where it listens. The node's own packet in a frame would be a martian as well.
  control: onReference('host-namespaces', connectUdp('127.0.0.1:{loopback.udpPort}')),
  expect: {
    'shared-kernel': stopped('denied', 'absent'),
    'application-kernel': stopped('denied', 'absent'),
    'guest-kernel': stopped('denied', 'absent'),
  },
});
