import { defineCheck, connectUnix, exposed, onReference, stopped } from '../../harness/check.ts';
import { canaryFound } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/host-path-socket-does-not-reach-the-node',
  claim: "A Unix socket in a hostPath volume does not connect the pod with the node's listener.",
  because:
    "A socket is a door, not a file: who can connect to the runtime's is root on the node, however the volume is mounted.",
  references: [
    'https://man7.org/linux/man-pages/man7/unix.7.html',
    'https://gvisor.dev/docs/user_guide/filesystem/',
    'https://github.com/kata-containers/kata-containers/blob/main/docs/design/architecture/README.md',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#SC-2',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000211-CTR-000530',
    'cis-kubernetes@1.12#5.2.11',
    'cis-docker@1.6.0#5.32',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'canary',
  subject: 'host-path',
  attempt: connectUnix('{canaryDirectory}/canary.sock'),
  reached: canaryFound(),
  control: onReference('host-path'),
  expect: {
    'shared-kernel': exposed('a hostPath volume of a shared kernel is the directory of the node itself'),
    'application-kernel': stopped('denied'),
    // A guest that shares no file system with its node has no such socket.
    'guest-kernel': stopped('denied', 'absent'),
  },
});
