import { defineCheck, exposed, onReference, read, stopped } from '../../harness/check.ts';
import { sameModules } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'kernel-isolation/modules-are-not-the-nodes',
  claim: "The modules that the pod's kernel has loaded are not the node's.",
  because: "The list of modules is the list of drivers and file systems whose faults are within the pod's reach.",
  references: ['https://man7.org/linux/man-pages/man5/proc_modules.5.html'],
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
  attempt: read('/proc/modules', 32_768),
  reached: sameModules(),
  control: onReference('restricted'),
  expect: {
    'shared-kernel': exposed('a container shares the kernel of its node by design'),
    'application-kernel': stopped('contained', 'absent'),
    // Kata's kernels were built without modules for years: then there is no list.
    'guest-kernel': stopped('contained', 'absent'),
  },
});
