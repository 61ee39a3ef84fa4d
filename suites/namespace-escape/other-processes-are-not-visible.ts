import { defineCheck, onReference, processes, stopped } from '../../harness/check.ts';
import { othersVisible } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/other-processes-are-not-visible',
  claim: 'A container sees no process but its own.',
  because:
    "A process namespace that is another's, a pod's or the node's, shows what runs there and how it was started, and takes signals to it.",
  references: ['https://man7.org/linux/man-pages/man7/pid_namespaces.7.html'],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000431-CTR-001065',
    'cis-docker@1.6.0#5.16',
    'pci-dss@4.0.1#A1.1.3',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted', 'host-path'],
  attempt: processes(),
  reached: othersVisible(),
  control: onReference('host-namespaces'),
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent'),
    'guest-kernel': stopped('absent'),
  },
});
