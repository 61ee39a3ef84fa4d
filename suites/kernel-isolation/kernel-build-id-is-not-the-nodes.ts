import { defineCheck, exposed, onReference, read, stopped } from '../../harness/check.ts';
import { sameContent } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'kernel-isolation/kernel-build-id-is-not-the-nodes',
  claim: "The build id in the kernel image that the pod sees is not the node's, or is proved to be another kernel's.",
  because: 'The build id names the exact image: addresses and gadgets of an exploit are found by it.',
  references: [
    'https://www.kernel.org/doc/Documentation/ABI/testing/sysfs-kernel-notes',
    'https://man7.org/linux/man-pages/man5/sysfs.5.html',
  ],
  requirements: [
    'nist-800-190@2017#4.5.2',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000431-CTR-001065',
    'pci-dss@4.0.1#A1.1.1',
    'pci-containers@1.0#9.1',
    'iso-27001@2022#A.8.27',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'restricted',
  attempt: read('/sys/kernel/notes'),
  reached: sameContent(),
  control: onReference('restricted'),
  expect: {
    'shared-kernel': exposed('a container shares the kernel of its node by design'),
    'application-kernel': stopped('contained', 'absent'),
    'guest-kernel': stopped('contained', 'absent'),
  },
});
