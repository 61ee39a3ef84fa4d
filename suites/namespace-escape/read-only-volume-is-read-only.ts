import { defineCheck, deniedWith, onReference, openForWriting, readOnlyTwinOf } from '../../harness/check.ts';
import { allowedAnywhere } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/read-only-volume-is-read-only',
  claim: 'A volume that a pod mounts read-only cannot be written to there.',
  because:
    'A directory of the node, or one that tenants share, is handed out read-only where nobody is to change it for the others.',
  references: [
    'https://kubernetes.io/docs/concepts/storage/volumes/#read-only-mounts',
    'https://github.com/opencontainers/runtime-spec/blob/main/config.md#mounts',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-3',
    'nist-800-53@5.1.1#AC-6',
    'iso-27001@2022#A.8.3',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'open',
  subject: 'host-path',
  // Only asked for: nothing is written. The control asks at the volume's other place, where it is mounted without readOnly.
  attempt: openForWriting(readOnlyTwinOf('{canaryDirectory}')),
  reached: allowedAnywhere(),
  control: onReference('host-path', openForWriting('{canaryDirectory}')),
  expect: {
    'shared-kernel': deniedWith('EROFS'),
    'application-kernel': deniedWith('EROFS'),
    'guest-kernel': deniedWith('EROFS'),
  },
  // Its root may not own the directory, which the kernel looks at before it looks at the mount.
  expectInUserNamespace: { 'shared-kernel': deniedWith('EACCES', 'EROFS') },
});
