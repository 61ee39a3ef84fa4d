import { defineCheck, exposed, onReference, openDevice, stopped } from '../../harness/check.ts';
import { allowed } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'host-devices/privileged-pod-cannot-open-the-nodes-disk',
  claim: "Not even a privileged pod opens the node's disk.",
  because:
    "“Privileged” was made for shared kernels, where it means the node's devices; a VM must not hand them through.",
  references: [
    'https://github.com/kata-containers/kata-containers/blob/main/docs/how-to/privileged.md',
    'https://github.com/containerd/containerd/blob/main/docs/cri/config.md',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-190@2017#4.5.5',
    'nist-800-53@5.1.1#CM-7',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000595',
    'cis-kubernetes@1.12#5.2.2',
    'cis-docker@1.6.0#5.5',
    'cis-docker@1.6.0#5.18',
    'pci-containers@1.0#3.1',
    'pci-containers@1.0#9.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'open',
  subject: 'privileged',
  attempt: openDevice('b', '{disk.major}', '{disk.minor}'),
  reached: allowed(),
  control: onReference('privileged'),
  expect: {
    'shared-kernel': exposed('a privileged pod of a shared kernel has the devices of its node'),
    'application-kernel': stopped('absent', 'denied'),
    'guest-kernel': stopped('absent', 'denied', 'contained'),
  },
});
