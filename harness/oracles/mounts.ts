import type { Oracle, OracleInput, Outcome } from '../outcome.ts';
import { withoutValue } from '../outcome.ts';
import { onWhichKernel } from './kernel.ts';

interface Mount {
  point: string;
  fstype: string;
  source: string;
  options: string;
}

const mountsOf = ({ value }: OracleInput['observation']): Mount[] => (value?.['mounts'] as Mount[] | undefined) ?? [];

/** The first of many names, for a sentence. */
const named = (names: readonly string[]): string => `${names.slice(0, 4).join(', ')}${names.length > 4 ? ', …' : ''}`;

/** Where a pod has mounts whether it asks for them or not: its root, what Kubernetes and CRI-O put there, and our own volume. */
const everyPodsMounts = new Set([
  '/',
  '/etc/hosts',
  '/etc/hostname',
  '/etc/resolv.conf',
  '/dev/termination-log',
  '/run/.containerenv',
  '/run/secrets',
  '/tmp',
]);

/** At and below these, only file systems that a kernel makes up: masks, devices, cgroups. A directory of a disk is none. */
const kernelsOwn = /^\/(proc|sys|dev)(\/|$)/;
const madeUp = new Set(
  // gVisor calls its /dev "dev".
  'proc sysfs tmpfs devtmpfs dev devpts mqueue cgroup cgroup2 securityfs debugfs tracefs bpf efivarfs selinuxfs pstore none'.split(
    ' ',
  ),
);

/** The container has a mount that its pod did not ask for. What is mounted is the node's, whichever kernel mounts it. */
export const mountsBeyondTheSpecification = (): Oracle => ({
  crossedWhen: 'something is mounted that no volume of the pod is, and that not every pod has',
  needsWitness: false,
  truths: () => [],
  decide({ observation }): Outcome {
    const failed = withoutValue(observation);
    if (failed) return failed;
    const mounts = mountsOf(observation);
    const beyond = mounts.filter(
      ({ point, fstype }) => !everyPodsMounts.has(point) && !(kernelsOwn.test(point) && madeUp.has(fstype)),
    );
    if (beyond.length) {
      const names = beyond.map(({ point, fstype, source }) => `${point} (${fstype}, ${source})`);
      return { kind: 'reached', seen: `mounted beyond the specification: ${named(names)}` };
    }
    if (mounts.length === 0) return { kind: 'undecided', why: 'no mount is listed' };
    if (observation.value?.['truncated'])
      return { kind: 'undecided', why: 'there are more mounts than a line can hold' };
    return { kind: 'absent', seen: `${mounts.length} mounts, all of them what every pod has` };
  },
});

/** The root file system can be written to. */
export const rootWritable = (): Oracle => ({
  crossedWhen: 'the root file system is mounted without “ro”',
  needsWitness: false,
  truths: () => [],
  decide({ observation }): Outcome {
    const failed = withoutValue(observation);
    if (failed) return failed;
    const mounts = mountsOf(observation);
    // The last one is on top.
    const root = mounts.findLast(({ point }) => point === '/');
    if (!root) return { kind: 'undecided', why: 'the root is not among the mounts' };
    return root.options.split(',').includes('ro')
      ? { kind: 'denied', errno: 'read-only', seen: 'the root is mounted read-only' }
      : { kind: 'reached', seen: `the root is mounted ${root.options}` };
  },
});

/** A mount is in a peer group with others (“shared:N” in mountinfo): what is mounted below it appears there, too. */
export const mountsPropagate = (): Oracle => ({
  crossedWhen: "a mount is shared with others, and the node's own kernel answered",
  needsWitness: true,
  truths: () => [],
  decide(input): Outcome {
    const failed = withoutValue(input.observation);
    if (failed) return failed;
    const text = input.observation.value?.['text'];
    const lines = typeof text === 'string' ? text.split('\n').filter(Boolean) : [];
    if (lines.length === 0) return { kind: 'undecided', why: 'no mount is listed' };
    const shared = lines.filter((line) => / shared:\d+ /.test(line.split(' - ')[0]?.concat(' ') ?? ''));
    if (shared.length === 0) return { kind: 'absent', seen: `none of ${lines.length} mounts is shared` };
    const points = shared.map((line) => line.split(' ')[4] ?? '?');
    return onWhichKernel(input, `mounts at ${named(points)} are shared with others`);
  },
});
