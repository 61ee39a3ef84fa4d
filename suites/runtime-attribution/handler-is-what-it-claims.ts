import { defineAttributionCheck, stopped } from '../../harness/check.ts';

export default defineAttributionCheck({
  id: 'runtime-attribution/handler-is-what-it-claims',
  claim: "What runs the handler's pods on the node is of the isolation class that the handler claims.",
  because: 'A RuntimeClass is a name: a handler that falls back to runc keeps it.',
  references: [
    'https://kubernetes.io/docs/concepts/containers/runtime-class/',
    'https://github.com/kata-containers/kata-containers/blob/main/docs/design/architecture/README.md',
    'https://gvisor.dev/docs/architecture_guide/security/',
  ],
  requirements: [
    'nist-800-53@5.1.1#CA-2(2)',
    'nist-800-53@5.1.1#CA-7',
    'nist-800-53@5.1.1#CA-8',
    'nist-800-53@5.1.1#CM-3(2)',
    'nist-800-53@5.1.1#SI-6',
    'pci-dss@4.0.1#6.5.2',
    'pci-dss@4.0.1#A1.1.4',
    'pci-containers@1.0#15.1',
    'iso-27001@2022#A.8.29',
    'iso-27001@2022#A.8.32',
    'hipaa@2013#164.308(a)(8)',
    'gdpr@2016-679#32(1)(d)',
  ],
  touch: 'read',
  about: 'node-view',
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent'),
    'guest-kernel': stopped('absent'),
  },
});
