import { defineCheck, onReference, searchKeys, stopped } from '../../harness/check.ts';
import { canaryFound } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/keys-are-not-the-nodes',
  claim: "A root process does not find a key of the node's root in its own user keyring.",
  because:
    'The kernel keeps a keyring for a user id, not for a container: without a filter, root of every container has the keys of root on the node.',
  references: [
    'https://man7.org/linux/man-pages/man7/user-keyring.7.html',
    'https://man7.org/linux/man-pages/man2/keyctl.2.html',
    'https://docs.docker.com/engine/security/seccomp/',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#SC-4',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000600',
    'cis-docker@1.6.0#5.22',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'canary',
  subject: 'default-root',
  // The witness puts a key there, with a time after which the kernel takes it away. The search links nothing.
  attempt: searchKeys('key', '{key.description}'),
  reached: canaryFound(),
  control: onReference('privileged'),
  expect: {
    'shared-kernel': stopped('denied', 'contained'),
    'application-kernel': stopped('denied', 'absent', 'contained'),
    'guest-kernel': stopped('denied', 'absent', 'contained'),
  },
});
