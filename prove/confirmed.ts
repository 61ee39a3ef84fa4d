/**
 * The pairs of breach and base that a proof on the disposable cluster caught exactly: every check that they name, and no other.
 * The sample of `npm test` is taken from these, since what was never measured says nothing when it fails. A proof that
 * catches another one adds it here.
 */
export const confirmed: readonly string[] = [
  'cluster/loopback-of-the-node-is-forwarded@runc',
  'cluster/unknown-handlers-fall-back@runc',
  'runtime/capability-can-be-regained@runc',
  'runtime/capability-is-added@runc',
  'runtime/cgroup-namespace-of-the-node@runc',
  'runtime/cgroups-are-writable@runc',
  'runtime/descriptor-is-leaked@runc',
  'runtime/disk-in-dev@runc',
  'runtime/dropped-capabilities-are-kept@runc',
  'runtime/nothing-is-masked@runc',
  'runtime/privileges-can-be-gained@runc',
  'runtime/root-is-writable@runc',
  'runtime/system-calls-are-not-filtered@runc',
];
