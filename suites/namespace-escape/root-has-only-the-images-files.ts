import { defineCheck, files, onReference, stopped } from '../../harness/check.ts';
import { fileOutsideTheImage } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/root-has-only-the-images-files',
  claim: 'The root of a container has no files in it but those of its image.',
  because:
    "A runtime that copies a file of the node into a container, or leaves one of another's there, hands out what is in it, and no list of mounts shows it.",
  references: [
    'https://github.com/opencontainers/runtime-spec/blob/main/config.md#root',
    'https://github.com/opencontainers/image-spec/blob/main/layer.md',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-3',
    'nist-800-53@5.1.1#SC-4',
    'nist-800-53@5.1.1#SC-39',
    'mitre-attack@18.1#T1611',
    'iso-27001@2022#A.8.3',
  ],
  touch: 'read',
  subject: 'default-root',
  // The suite's image holds one file. Names are looked at, no file is opened.
  attempt: files(),
  reached: fileOutsideTheImage(),
  // The volume of which the control knows that the node has files in it.
  control: onReference('host-path', files('{canaryDirectory}')),
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent'),
    'guest-kernel': stopped('absent'),
  },
});
