import { defineCheck, disks, exposed, onReference, stopped } from '../../harness/check.ts';
import { nodeDisksVisible } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'host-devices/disks-are-not-identifiable',
  claim: "The node's disks, with their sizes and serial numbers, are not visible to a pod.",
  because: 'Serial numbers tell which machine a pod is on, and whether two pods share it.',
  references: ['https://www.kernel.org/doc/Documentation/ABI/stable/sysfs-block'],
  requirements: [
    'nist-800-190@2017#4.5.2',
    'nist-800-53@5.1.1#SC-4',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000600',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'restricted',
  attempt: disks(),
  reached: nodeDisksVisible(),
  control: onReference('restricted'),
  expect: {
    'shared-kernel': exposed('sysfs is not divided between containers'),
    'application-kernel': stopped('absent', 'contained'),
    'guest-kernel': stopped('absent', 'contained'),
  },
});
