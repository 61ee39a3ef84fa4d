import { defineCheck, contained, exposed, onReference, searchKernelLog } from '../../harness/check.ts';
import { canaryFound } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'kernel-isolation/kernel-log-is-not-the-nodes',
  claim: "Not even a privileged pod reads the node's kernel log.",
  because: "The log holds addresses, devices and other tenants' crashes: what an exploit of the kernel needs to know.",
  references: [
    'https://man7.org/linux/man-pages/man2/syslog.2.html',
    'https://www.kernel.org/doc/html/latest/admin-guide/sysctl/kernel.html#dmesg-restrict',
  ],
  requirements: [
    'nist-800-190@2017#4.5.2',
    'nist-800-53@5.1.1#SC-4',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000600',
    'disa-container-srg@v2r4#SRG-APP-000431-CTR-001065',
    'pci-dss@4.0.1#A1.1.1',
    'pci-containers@1.0#9.1',
    'iso-27001@2022#A.8.27',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'canary',
  subject: 'privileged',
  attempt: searchKernelLog('kernel-log'),
  reached: canaryFound({ looksInto: 'kernel' }),
  control: onReference('privileged'),
  expect: {
    'shared-kernel': exposed('privileged pods of a shared kernel read its log'),
    'application-kernel': contained,
    'guest-kernel': contained,
  },
});
