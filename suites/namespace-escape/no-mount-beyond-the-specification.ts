import { defineCheck, mounts, onReference, stopped } from '../../harness/check.ts';
import { mountsBeyondTheSpecification } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/no-mount-beyond-the-specification',
  claim: 'A pod has no mount that its specification did not ask for, and none with fewer restrictions.',
  because:
    'A directory or socket of the node that a runtime or its configuration mounts everywhere is a door in every pod, whatever the pod asked for.',
  references: [
    'https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html',
    'https://github.com/opencontainers/runtime-spec/blob/main/config.md#mounts',
    'https://man7.org/linux/man-pages/man2/mount.2.html',
  ],
  requirements: [
    'cis-docker@1.6.0#5.6',
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-3',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000595',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
    'cis-kubernetes@1.12#5.2.11',
    'iso-27001@2022#A.8.3',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted', 'host-path'],
  // The control has a volume more than is said of it. One that admission adds to every pod is found as well.
  attempt: mounts(),
  reached: mountsBeyondTheSpecification(),
  control: onReference('unlimited'),
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent'),
    'guest-kernel': stopped('absent'),
  },
});
