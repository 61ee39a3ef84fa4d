import { call, defineCheck, stopped, weakened } from '../../harness/check.ts';
import { allowedBeyondTheReference } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/filter-is-as-strict-as-the-references',
  claim:
    "An ordinary pod's filter refuses what it refuses to the same pod under the reference handler, and what the container engine never allows.",
  because:
    "Every handler of a node gets the container engine's own profile. A runtime that adds a call to it, for mounts, for keys or for other processes, makes the next exploit of the kernel possible.",
  references: [
    'https://kubernetes.io/docs/tutorials/security/seccomp/',
    'https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#seccomp',
    'https://github.com/containerd/containerd/blob/main/contrib/seccomp/seccomp_default.go',
  ],
  requirements: [
    'cis-docker@1.6.0#5.22',
    'nist-800-190@2017#4.4.3',
    'nist-800-190@2017#4.5.1',
    'nist-800-53@5.1.1#AC-6',
    'nist-800-53@5.1.1#CM-7',
    'iso-27001@2022#A.8.9',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'call',
  subject: 'default-root',
  alsoIn: ['restricted'],
  // Those in which the profiles of engines differ, and their versions: containerd's refuses mounts and keys, Podman's and
  // CRI-O's allow them, newer ones memory policies as well. What the node's engine has in none of its profiles counts even
  // where the reference handler allows it. With arguments that the kernel turns down before it asks for a privilege, or,
  // where there are none (…_x32), by a second number of the call.
  attempt: [
    'setns',
    'mount_nowhere',
    'umount2',
    'open_tree',
    'fsconfig',
    'keyctl',
    'io_uring_setup',
    'io_uring_enter',
    'pidfd_getfd',
    'mount_setattr',
    'fanotify_init',
    'set_mempolicy',
    'mbind',
    'get_mempolicy',
    'process_vm_readv',
    'ptrace',
    'clone3',
    'socket_af_vsock',
    'socket_af_alg',
    'fsopen_x32',
    'move_mount_x32',
    'reboot_x32',
    'syslog_x32',
  ].map(call),
  reached: allowedBeyondTheReference(),
  control: weakened('privileged'),
  expect: {
    'shared-kernel': stopped('denied', 'absent'),
    'application-kernel': stopped('denied', 'absent', 'contained'),
    'guest-kernel': stopped('denied', 'absent', 'contained'),
  },
});
