import { defineCheck, contained, exposed, identity, onReference } from '../../harness/check.ts';
import { sameBootTime } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'kernel-isolation/boot-time-is-not-the-nodes',
  claim: 'The kernel that answers the pod did not boot when the node did.',
  because: "A kernel as old as the node is the node's: its uptime, load and faults are shared with every other pod.",
  references: ['https://man7.org/linux/man-pages/man5/proc_stat.5.html'],
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
  reached: sameBootTime(),
  control: onReference('restricted'),
  expect: {
    'shared-kernel': exposed('a container shares the kernel of its node by design'),
    'application-kernel': contained,
    'guest-kernel': contained,
  },
});
