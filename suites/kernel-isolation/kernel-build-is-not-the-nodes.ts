import { defineCheck, contained, exposed, onReference, read } from '../../harness/check.ts';
import { sameContent } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'kernel-isolation/kernel-build-is-not-the-nodes',
  claim: "The pod's kernel is not the build that the node runs, or is proved to be another kernel of the same build.",
  because: "Whoever knows the node's kernel build knows which of its faults to try.",
  references: [
    'https://man7.org/linux/man-pages/man5/proc_version.5.html',
    'https://github.com/kata-containers/kata-containers/blob/main/docs/design/architecture/README.md',
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
  // Equal text alone is no breach: a guest may run the node's own build, as Kata does on Debian.
  attempt: read('/proc/version'),
  reached: sameContent(),
  control: onReference('restricted'),
  expect: {
    'shared-kernel': exposed('a container shares the kernel of its node by design'),
    'application-kernel': contained,
    'guest-kernel': contained,
  },
});
