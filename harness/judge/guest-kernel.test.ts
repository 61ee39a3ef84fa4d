import { expect, test } from 'vitest';
import { loadCatalogue } from '../catalogue.ts';
import { judgeAttempt } from './judge.ts';
import type { Attempted } from './judge.ts';

const checks = await loadCatalogue();

// Kata's own kernel is configured from nothing, with what its guests need: tools/packaging/kernel/configs of kata-containers.
test.each([
  ['namespace-escape/core-pattern-is-not-writable', 'CONFIG_COREDUMP'],
  ['namespace-escape/system-calls-are-filtered', 'CONFIG_SECCOMP'],
  ['namespace-escape/restricted-pods-calls-are-filtered', 'CONFIG_SECCOMP'],
  ['namespace-escape/kernel-settings-are-read-only', 'CONFIG_MAGIC_SYSRQ'],
  ['namespace-escape/sysfs-is-not-writable', 'CONFIG_TRANSPARENT_HUGEPAGE'],
  ['namespace-escape/cgroup-hierarchy-is-not-writable', 'CONFIG_MEMCG_V1, or a node with cgroup v1'],
  ['namespace-escape/host-path-socket-does-not-reach-the-node', 'a file system shared with the node'],
  ['namespace-escape/host-path-fifo-does-not-reach-the-node', 'a file system shared with the node'],
  ['namespace-escape/masked-paths-are-masked', 'CONFIG_PROC_KCORE'],
  ['namespace-escape/dangerous-system-calls-are-refused', 'CONFIG_USERFAULTFD'],
  ['namespace-escape/filter-is-as-strict-as-the-references', 'CONFIG_IO_URING'],
  ['namespace-escape/limits-are-in-force', 'cgroup v2'],
  ['kernel-isolation/modules-are-not-the-nodes', 'CONFIG_MODULES'],
  ['host-devices/memory-devices-cannot-be-opened', 'CONFIG_DEVMEM'],
])('%s holds in a guest without %s, when the node has it', (id) => {
  const expectation = checks.get(id)?.expect['guest-kernel'];
  if (!expectation) throw new Error(`there is no check ${id}`);
  const attempted: Attempted = {
    what: 'try it',
    subject: { kind: 'absent', seen: 'open returned ENOENT' },
    control: { kind: 'reached', seen: 'it was allowed' },
    controlWhere: 'the reference',
    witness: 'complete',
  };
  expect(judgeAttempt(expectation, attempted).verdict).toBe('held');
});
