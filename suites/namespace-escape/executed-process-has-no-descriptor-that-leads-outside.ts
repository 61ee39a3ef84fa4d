import { defineCheck, descriptors, executed, onReference, stopped } from '../../harness/check.ts';
import { descriptorLeaked } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/executed-process-has-no-descriptor-that-leads-outside',
  claim:
    'A process that is executed in a running pod inherits nothing of the node that is open, beside the pipes of its standard streams.',
  because:
    'The runtime enters the container with what it has open itself: a directory of the node among it is a way out (CVE-2016-9962, CVE-2024-21626).',
  references: [
    'https://nvd.nist.gov/vuln/detail/CVE-2024-21626',
    'https://nvd.nist.gov/vuln/detail/CVE-2016-9962',
    'https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/',
  ],
  requirements: [
    'nist-800-190@2017#4.4.1',
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-3',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000595',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted'],
  // The control leaks one to itself: the root of the node's first process, which only its profile can open.
  attempt: executed('descriptors'),
  reached: descriptorLeaked(),
  control: onReference('host-namespaces', descriptors('/proc/1/root')),
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent'),
    'guest-kernel': stopped('absent', 'contained'),
  },
});
