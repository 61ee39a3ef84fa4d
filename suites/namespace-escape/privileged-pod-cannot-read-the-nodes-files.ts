import { defineCheck, exposed, onReference, openByHandle, stopped } from '../../harness/check.ts';
import { canaryFound } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/privileged-pod-cannot-read-the-nodes-files',
  claim: 'Not even a privileged pod reads a file of the node that was not given to it.',
  because: 'It is the contrast for which sandboxed runtimes exist: all rights inside, and still nothing of the node.',
  references: [
    'https://man7.org/linux/man-pages/man2/open_by_handle_at.2.html',
    'https://github.com/kata-containers/kata-containers/blob/main/docs/design/architecture/README.md',
  ],
  requirements: ['nist-800-190@2017#4.4.3', 'nist-800-53@5.1.1#SC-39', 'mitre-attack#T1611', 'cis-docker@1.6.0#5.5'],
  touch: 'canary',
  subject: 'privileged',
  attempt: openByHandle('file', '/etc/hosts'),
  reached: canaryFound(),
  control: onReference('privileged'),
  expect: {
    'shared-kernel': exposed('a privileged pod of a shared kernel is root on its node'),
    'application-kernel': stopped('absent', 'denied'),
    'guest-kernel': stopped('absent', 'denied'),
  },
});
