import { defineCheck, executed, onReference, read, stopped } from '../../harness/check.ts';
import { sparedByTheKernel } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/out-of-memory-ends-the-pod-first',
  claim: "When the node's memory runs out, its kernel ends an ordinary pod before the node's own services.",
  because:
    'A pod that the kernel spares can use up the memory of the node, and it is the kubelet, or a neighbour, that ends.',
  references: [
    'https://man7.org/linux/man-pages/man5/proc_pid_oom_score_adj.5.html',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#node-out-of-memory-behavior',
  ],
  requirements: ['cis-docker@1.6.0#5.11', 'nist-800-190@2017#4.4.3', 'nist-800-53@5.1.1#CM-7'],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted'],
  // What the first process has is inherited; what starts an executed one is the witness's to say. The control looks at the node's own.
  attempt: [read('/proc/self/oom_score_adj'), executed('oom')],
  reached: sparedByTheKernel(),
  control: onReference('host-namespaces', read('/proc/1/oom_score_adj')),
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': stopped('denied', 'absent', 'contained'),
    'guest-kernel': stopped('denied', 'absent', 'contained'),
  },
});
