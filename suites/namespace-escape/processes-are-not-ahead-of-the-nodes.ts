import { defineCheck, executed, onReference, priority, stopped } from '../../harness/check.ts';
import { aheadOfOthers } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/processes-are-not-ahead-of-the-nodes',
  claim:
    "The node's kernel ranks an ordinary pod's processes no higher than the node's own services, and lets them rise no higher.",
  because:
    'What has a real-time policy or a negative nice value takes the processors from everybody else, within its limits from the kubelet, too.',
  references: [
    'https://man7.org/linux/man-pages/man7/sched.7.html',
    'https://man7.org/linux/man-pages/man2/ioprio_set.2.html',
    'https://man7.org/linux/man-pages/man2/getrlimit.2.html',
    'https://github.com/opencontainers/runtime-spec/blob/main/config.md#linux-process',
  ],
  requirements: ['nist-800-190@2017#4.4.3', 'nist-800-53@5.1.1#CM-7'],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted'],
  attempt: [priority(), executed('priority')],
  reached: aheadOfOthers(),
  // A thread of the control raises its own, for as long as it takes to ask.
  control: onReference('privileged', priority('raise')),
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': stopped('denied', 'absent', 'contained'),
    'guest-kernel': stopped('denied', 'absent', 'contained'),
  },
});
