import { call, defineCheck, stopped, weakened } from '../../harness/check.ts';
import { allowed } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/dangerous-system-calls-are-refused',
  claim: "An ordinary pod's filter refuses the system calls that every default profile refuses.",
  because:
    'A filter can be in force and let everything through: one call too many is the one that the next exploit of the kernel begins with.',
  references: [
    'https://docs.docker.com/engine/security/seccomp/',
    'https://github.com/containerd/containerd/blob/main/contrib/seccomp/seccomp_default.go',
    'https://github.com/containers/common/blob/main/pkg/seccomp/seccomp.json',
    'https://github.com/podman-container-tools/container-libs/blob/main/common/pkg/seccomp/seccomp.json',
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
  alsoIn: ['restricted', 'host-path'],
  // Those that the profiles of containerd, Docker and CRI-O refuse without further capabilities, in all of their versions,
  // and with arguments that the kernel turns down before it asks for a privilege: so what answers is the filter, or the
  // lack of one. Of those that have no such arguments (…_x32), a second number tells.
  attempt: [
    'unshare_user',
    'clone_user',
    'userfaultfd',
    'bpf',
    'perf_event_open',
    'open_by_handle_at',
    'add_key',
    'request_key',
    'swapon',
    'quotactl_fd',
    'move_pages',
    'quotactl',
    'migrate_pages',
    'kcmp',
    'process_madvise',
    'personality',
    'iopl_level',
    'ioperm_range',
    'clock_settime_invalid',
    'init_module_x32',
    'finit_module_x32',
    'delete_module_x32',
    'kexec_load_x32',
    'kexec_file_load_x32',
  ].map(call),
  reached: allowed(),
  control: weakened('privileged'),
  expect: {
    'shared-kernel': stopped('denied', 'absent'),
    'application-kernel': stopped('denied', 'absent', 'contained'),
    'guest-kernel': stopped('denied', 'absent', 'contained'),
  },
});
