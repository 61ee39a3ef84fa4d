import { defineCheck, connectUnix, exposed, listenUnix, onReference, stopped } from '../../harness/check.ts';
import { canaryFound } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/host-path-socket-does-not-reach-the-node',
  claim: 'A Unix socket in a hostPath volume does not connect the pod with the node, whichever of the two listens.',
  because:
    "A socket is a door, not a file: who can connect to the runtime's is root on the node, however the volume is mounted; and a process of the node trusts whoever listens where it looks for a service.",
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
  attempt: [
    connectUnix('{canaryDirectory}/canary.sock'),
    // By a name that no other container of the run has; the witness calls there (gVisor's --host-uds=create would let it in).
    listenUnix('{canaryDirectory}/.cofferdam-{stack.port}'),
  ],
  reached: canaryFound(),
  control: onReference('host-path'),
  expect: {
    'shared-kernel': exposed('a hostPath volume of a shared kernel is the directory of the node itself'),
    // A socket that gVisor makes is the sandbox's own, and so is a guest's; on a file system that it shares, the node has a
    // file of it.
    'application-kernel': stopped('denied', 'contained'),
    // A guest that shares no file system with its node has no such socket.
    'guest-kernel': stopped('denied', 'absent', 'contained'),
  },
});
