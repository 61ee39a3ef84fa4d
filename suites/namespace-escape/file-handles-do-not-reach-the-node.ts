import { defineCheck, deniedWith, openByHandle, stopped, weakened } from '../../harness/check.ts';
import { canaryFound } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/file-handles-do-not-reach-the-node',
  claim: 'A root process cannot open a file of the node by its file handle.',
  because:
    'A file handle passes by every mount namespace: with it, one file of a file system opens all of them (“shocker”, 2014).',
  references: ['https://man7.org/linux/man-pages/man2/open_by_handle_at.2.html'],
  requirements: ['nist-800-190@2017#4.4.3', 'nist-800-53@5.1.1#SC-39', 'mitre-attack#T1611'],
  touch: 'canary',
  subject: 'default-root',
  attempt: openByHandle('file', '/etc/hosts'),
  reached: canaryFound(),
  control: weakened('privileged'),
  expect: {
    'shared-kernel': deniedWith('EPERM'),
    'application-kernel': stopped('absent', 'denied'),
    'guest-kernel': stopped('absent', 'denied'),
  },
});
