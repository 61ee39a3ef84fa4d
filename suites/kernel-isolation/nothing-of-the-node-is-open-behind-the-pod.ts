import { defineAttributionCheck, notThere, stopped } from '../../harness/check.ts';

export default defineAttributionCheck({
  id: 'kernel-isolation/nothing-of-the-node-is-open-behind-the-pod',
  claim:
    "What answers a pod on the node, or serves it files, has no disk and no other hardware of the node open, no directory open or mounted but the pod's, and no file that the node keeps to itself, nor is it told to hand one on.",
  because:
    'A directory that is shared with a guest, or a disk, device or file that is plugged in, is there for whoever looks for it, also where no container shows it.',
  references: [
    'https://github.com/kata-containers/kata-containers/blob/main/docs/how-to/how-to-use-virtio-fs-with-kata.md',
    'https://gitlab.com/virtio-fs/virtiofsd/-/blob/main/README.md',
    'https://www.qemu.org/docs/master/system/invocation.html',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-190@2017#4.5.5',
    'nist-800-53@5.1.1#AC-6',
    'nist-800-53@5.1.1#SC-39',
    'cis-docker@1.6.0#5.18',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  about: 'holding',
  expect: {
    'shared-kernel': notThere("what runs on the node are the pod's own processes, at which other checks look"),
    'application-kernel': stopped('absent'),
    'guest-kernel': stopped('absent'),
  },
});
