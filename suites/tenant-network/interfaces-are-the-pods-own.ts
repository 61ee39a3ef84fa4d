import { addresses, defineCheck, onReference, stopped } from '../../harness/check.ts';
import { interfaceOfOthers } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'tenant-network/interfaces-are-the-pods-own',
  claim: 'A pod has no network interface but the ones that its network gives to every such pod.',
  because:
    'Policies are enforced where the network expects its pods: a second interface, of the node or of a virtual machine, leads past them.',
  references: [
    'https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md',
    'https://www.qemu.org/docs/master/system/devices/net.html',
    'https://www.cni.dev/docs/spec/',
  ],
  requirements: ['nist-800-190@2017#4.3.3', 'nist-800-53@5.1.1#SC-7', 'nist-800-53@5.1.1#AC-4'],
  touch: 'read',
  subject: 'restricted',
  alsoIn: ['host-path'],
  attempt: addresses(),
  reached: interfaceOfOthers(),
  // In the network namespace of the node are its card, bridges and tunnels.
  control: onReference('host-namespaces'),
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent'),
    'guest-kernel': stopped('absent'),
  },
});
