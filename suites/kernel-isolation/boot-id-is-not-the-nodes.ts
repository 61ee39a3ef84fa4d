import { defineCheck, contained, exposed, identity, onReference } from '../../harness/check.ts';
import { sameBootId } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'kernel-isolation/boot-id-is-not-the-nodes',
  claim: "The pod runs on a kernel that booted separately from the node's.",
  because: 'A shared kernel is the attack surface that every container escape through the kernel uses.',
  references: [
    'https://www.kernel.org/doc/html/latest/admin-guide/sysctl/kernel.html#random',
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
  attempt: identity(),
  reached: sameBootId(),
  control: onReference('restricted'),
  expect: {
    'shared-kernel': exposed('a container shares the kernel of its node by design'),
    'application-kernel': contained,
    'guest-kernel': contained,
  },
});
