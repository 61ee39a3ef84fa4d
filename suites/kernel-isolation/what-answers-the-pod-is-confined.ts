import { defineAttributionCheck, exposed, notThere, stopped } from '../../harness/check.ts';

export default defineAttributionCheck({
  id: 'kernel-isolation/what-answers-the-pod-is-confined',
  claim: "What answers a pod's system calls on the node is itself under a filter, and in namespaces of its own.",
  because:
    'A kernel in user space is a program with faults of its own: whoever takes it over is stopped by nothing but what stops it.',
  references: [
    'https://gvisor.dev/docs/architecture_guide/security/',
    'https://github.com/google/gvisor/blob/master/runsc/sandbox/sandbox.go',
    'https://github.com/firecracker-microvm/firecracker/blob/main/docs/jailer.md',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-6',
    'nist-800-53@5.1.1#CM-7',
    'nist-800-53@5.1.1#SC-39',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  about: 'confinement',
  expect: {
    'shared-kernel': notThere("what runs on the node are the pod's own processes, at which other checks look"),
    'application-kernel': stopped('denied'),
    'guest-kernel': exposed(
      "Kata's default starts the monitor as the node's root and without a filter; the boundary is the machine, and the monitor is behind it",
    ),
  },
});
