import { defineCheck, notThere, onReference, read } from '../../harness/check.ts';
import { notConfined } from '../../harness/oracles.ts';

const fact = 'the node does not confine containers by AppArmor, or another kernel answers them';

export default defineCheck({
  id: 'namespace-escape/apparmor-confines-the-pod',
  claim: 'Where the node has AppArmor, an ordinary pod is in a profile that is enforced.',
  because:
    "The profile of a container engine forbids mounts and what is left of the kernel's settings when capabilities or masks are lost; an engine that cannot load it, or is told not to, runs every pod without.",
  references: [
    'https://kubernetes.io/docs/tutorials/security/apparmor/',
    'https://github.com/containerd/containerd/blob/main/pkg/apparmor/apparmor_linux.go',
    'https://man7.org/linux/man-pages/man2/aa_change_profile.2.html',
  ],
  requirements: [
    'cis-docker@1.6.0#5.2',
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-3',
    'nist-800-53@5.1.1#AC-6',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000600',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted', 'host-path'],
  attempt: read('/proc/self/attr/current'),
  reached: notConfined(),
  // A privileged pod is in none.
  control: onReference('privileged'),
  expect: {
    'shared-kernel': notThere(fact, ['denied']),
    'application-kernel': notThere(fact, ['denied']),
    'guest-kernel': notThere(fact, ['denied']),
  },
});
