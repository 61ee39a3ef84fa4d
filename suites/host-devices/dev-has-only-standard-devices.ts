import { defineCheck, devices, onReference, stopped } from '../../harness/check.ts';
import { devicesBeyondTheStandard } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'host-devices/dev-has-only-standard-devices',
  claim: 'An ordinary pod has no device of the node beyond the standard ones, neither in /dev nor elsewhere.',
  because:
    "Every further device node is a driver of the node's kernel, and maybe its hardware, within the pod's reach.",
  references: ['https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#default-devices'],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#CM-7',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000595',
    'cis-docker@1.6.0#5.18',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted', 'host-path'],
  attempt: devices(),
  reached: devicesBeyondTheStandard(),
  control: onReference('privileged'),
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent', 'contained'),
    'guest-kernel': stopped('absent', 'contained'),
  },
});
