import { defineCheck, exposed, onReference, stopped, volumes } from '../../harness/check.ts';
import { nodeVolumesReadable } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'host-devices/privileged-pod-does-not-have-the-nodes-disks',
  claim: "No disk that a privileged pod can open holds what the node's disks hold.",
  because:
    "A VM runtime without `privileged_without_host_devices` plugs the node's disks into a privileged pod's machine, where their numbers are the guest's and their content is the node's.",
  references: [
    'https://github.com/kata-containers/kata-containers/blob/main/docs/how-to/privileged.md',
    'https://github.com/util-linux/util-linux/tree/master/libblkid/src/superblocks',
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
  attempt: volumes(),
  reached: nodeVolumesReadable(),
  control: onReference('privileged'),
  expect: {
    'shared-kernel': exposed('a privileged pod of a shared kernel has the devices of its node'),
    'application-kernel': stopped('absent', 'denied'),
    'guest-kernel': stopped('absent', 'denied', 'contained'),
  },
});
