import { defineCheck, credentials, stopped, weakened } from '../../harness/check.ts';
import { capabilitiesBeyond } from '../../harness/oracles.ts';
import { runtimeDefaultCapabilities } from '../../fixtures/profiles.ts';

export default defineCheck({
  id: 'namespace-escape/root-pod-has-only-default-capabilities',
  claim: "A root pod has no capability beyond the runtime's default set, and none that is inheritable.",
  because: 'Every capability beyond the default set was left out of it because it reaches into the node.',
  references: [
    'https://man7.org/linux/man-pages/man7/capabilities.7.html',
    'https://github.com/containerd/containerd/blob/main/pkg/oci/spec.go',
    'https://nvd.nist.gov/vuln/detail/CVE-2022-24769',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-6',
    'nist-800-53@5.1.1#CM-7',
    'disa-container-srg@v2r4#SRG-APP-000342-CTR-000775',
    'cis-docker@1.6.0#5.4',
    'pci-dss@4.0.1#7.2.2',
    'iso-27001@2022#A.8.9',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['host-path'],
  attempt: credentials(),
  reached: capabilitiesBeyond(runtimeDefaultCapabilities),
  control: weakened('privileged'),
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': stopped('denied'),
    'guest-kernel': stopped('denied'),
  },
});
