import { defineCheck, exposed, onReference, openForWriting, stopped } from '../../harness/check.ts';
import { allowedAnywhere } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/host-path-fifo-does-not-reach-the-node',
  claim: "A named pipe in a hostPath volume does not connect the pod with the node's reader.",
  because: 'Like a socket, a pipe is a door to a process of the node, not a file that could be mounted read-only.',
  references: ['https://man7.org/linux/man-pages/man7/fifo.7.html', 'https://gvisor.dev/docs/user_guide/filesystem/'],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#SC-2',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000211-CTR-000530',
    'cis-kubernetes@1.12#5.2.11',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'open',
  subject: 'host-path',
  // Opened without waiting, which succeeds only where the witness's reader is seen; nothing is written.
  attempt: openForWriting('{canaryDirectory}/canary.fifo'),
  reached: allowedAnywhere(),
  control: onReference('host-path'),
  expect: {
    'shared-kernel': exposed('a hostPath volume of a shared kernel is the directory of the node itself'),
    'application-kernel': stopped('denied', 'absent'),
    'guest-kernel': stopped('denied', 'absent'),
  },
});
