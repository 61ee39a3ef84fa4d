import { defineCheck, devices, onReference, stopped } from '../../harness/check.ts';
import { devicesBeyondTheStandard } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'host-devices/dev-has-no-block-devices',
  claim: 'A restricted pod has no block device of the node, neither in /dev nor elsewhere.',
  because: "A block device is the node's disk below all permissions of its file system.",
  references: ['https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#default-devices'],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-190@2017#4.5.5',
    'nist-800-53@5.1.1#CM-7',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000595',
    'cis-docker@1.6.0#5.18',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'restricted',
  attempt: devices(),
  reached: devicesBeyondTheStandard('block'),
  control: onReference('privileged'),
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent', 'contained'),
    'guest-kernel': stopped('absent', 'contained'),
  },
});
