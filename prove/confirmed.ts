/**
 * The pairs of breach and base that a proof on the disposable cluster caught exactly: every check that they name, and no other,
 * with the checks of today: what was caught before some were added has to show it again.
 * The sample of `npm test` is taken from these, since what was never measured says nothing when it fails. A proof that
 * catches another one adds it here.
 */
export const confirmed: readonly string[] = [
  'cluster/loopback-of-the-node-is-forwarded@runc',
  'cluster/unknown-handlers-fall-back@runc',
  'runtime/bus-is-writable@runc',
  'runtime/cgroups-of-the-node-are-mounted@runc',
  'runtime/containerd-below-dev@runc',
  'runtime/debugfs-is-mounted@runc',
  'runtime/dev-of-the-node@runc',
  'runtime/disk-descriptor-is-leaked@runc',
  'runtime/disk-under-another-name@runc',
  'runtime/file-handles-can-be-opened@runc',
  'runtime/ipc-namespace-of-the-node@runc',
  'runtime/kernel-spares-the-pod@runc',
  'runtime/memory-limit-is-raised@runc',
  'runtime/network-namespace-of-another@runc',
  'runtime/one-system-call-is-allowed@runc',
  'runtime/pid-namespace-of-another@runc',
  'runtime/shared-memory-of-the-node@runc',
  'runtime/system-calls-are-not-filtered@runc',
  'runtime/tun-below-dev@runc',
  'runtime/unlisted-system-calls-are-allowed@runc',
  'runtime/volume-is-replaced@runc',
];
