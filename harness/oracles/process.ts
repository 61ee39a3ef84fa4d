import { openForReading } from '../attempt.ts';
import type { Oracle } from '../outcome.ts';
import { isCut, withoutValue } from '../outcome.ts';
import { onWhichKernel } from './kernel.ts';

export type NamespaceKind = 'cgroup' | 'ipc' | 'mnt' | 'net' | 'pid' | 'time' | 'user' | 'uts';

/** Kinds of which no two pods have one in common, whatever they ask for; see `probes/internal/witness/shared.go`. */
const neverShared: ReadonlySet<NamespaceKind> = new Set(['cgroup', 'ipc', 'net', 'pid', 'uts']);

/** Namespaces of a pod: its containers are in those of its sandbox, which the container engine made first. */
const ofThePod: ReadonlySet<NamespaceKind> = new Set(['ipc', 'net', 'uts']);

/**
 * Namespaces that a sandbox has of its own, and that containers do not have from it unless their pod asks for that
 * (shareProcessNamespace).
 */
const ofTheSandbox: ReadonlySet<NamespaceKind> = new Set(['mnt', 'pid']);

/**
 * At the root of the hierarchy of cgroup v2, and only there. Under v1 containerd makes no cgroup namespaces
 * (container_create.go).
 */
const unifiedCgroups = openForReading('/proc/1/root/sys/fs/cgroup/cgroup.controllers');

/**
 * The container's process is in the node's own namespace of this kind, or in one of another pod. Under the node's kernel
 * both sides must say the same; under another kernel the numbers mean nothing (a guest's initial namespaces have the same
 * numbers as the node's).
 */
export const inNamespaceOfTheNode = (kind: NamespaceKind): Oracle => ({
  crossedWhen: [
    `the process is in the node's own ${kind} namespace`,
    ...(kind === 'user' ? ["is the node's root from another one"] : []),
    ...(ofThePod.has(kind) ? ['in another than its pod'] : []),
    ...(ofTheSandbox.has(kind) ? ["its pod's sandbox is"] : []),
    ...(neverShared.has(kind) ? ['in one in which another pod of the run was'] : []),
  ].join(', or '),
  needsWitness: true,
  truths: () => (kind === 'cgroup' ? [unifiedCgroups] : []),
  decide({ attempt, observation, witness, kernel, seenFromNode }) {
    const failed = withoutValue(observation);
    if (failed) return failed;
    if (kernel.answer === 'unknown')
      return { kind: 'undecided', why: `which kernel answered is unknown: ${kernel.why}` };
    if (kernel.answer === 'another') return { kind: 'contained', seen: "its namespaces are another kernel's" };
    const ofPid1 = attempt.kind === 'namespaces' && attempt.of === 'pid1';
    const inside = (observation.value?.[ofPid1 ? 'pid1' : 'self'] as Record<string, string> | null | undefined)?.[kind];
    const nodes = witness?.namespaces[kind];
    if (inside === undefined) return { kind: 'absent', seen: `no ${kind} namespace is shown` };
    if (nodes === undefined)
      return { kind: 'undecided', why: `the witness could not read the node's ${kind} namespace` };
    const outside = ofPid1 ? inside : seenFromNode?.namespaces[kind];
    if (outside !== undefined && outside !== inside) {
      return {
        kind: 'undecided',
        why: `the container shows ${kind} namespace ${inside}, the node sees its process in ${outside}`,
      };
    }
    const seen = `${kind} namespace ${inside}, the node's is ${nodes}`;
    if (inside === nodes && kind === 'cgroup' && witness?.truth(unifiedCgroups)?.errno === 'ENOENT')
      return { kind: 'absent', seen: `${seen}: the node has cgroup v1, under which no container engine makes one` };
    if (inside === nodes) return { kind: 'reached', seen };
    // A user namespace whose root is mapped to the node's own protects nothing (user_namespaces(7)).
    if (kind === 'user' && !ofPid1 && seenFromNode?.uid === 0)
      return { kind: 'reached', seen: `${seen}, and the node sees its process as its own root` };
    const together = ofPid1 || !neverShared.has(kind) ? undefined : seenFromNode?.shared?.[kind];
    if (together !== undefined) return { kind: 'reached', seen: `${seen}: pod ${together} was in it, too` };
    const pods = ofPid1 ? undefined : seenFromNode?.sandbox?.[kind];
    if (pods === nodes && ofTheSandbox.has(kind))
      return { kind: 'reached', seen: `${seen}: its pod's sandbox is in that` };
    return pods !== undefined && ofThePod.has(kind) && pods !== inside
      ? { kind: 'reached', seen: `${seen}, its pod's is ${pods}: it belongs to another pod` }
      : { kind: 'contained', seen };
  },
});

const capabilityNames =
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'.split(
    ' ',
  );

/** A set as proc_pid_status(5) shows it; empty where it is not shown. */
const maskOf = (set: unknown): bigint => (typeof set === 'string' && /^[0-9a-f]+$/.test(set) ? BigInt(`0x${set}`) : 0n);

const capabilitiesOf = (mask: bigint): string[] =>
  Array.from({ length: 64 }, (_, bit) => bit)
    .filter((bit) => (mask >> BigInt(bit)) & 1n)
    .map((bit) => capabilityNames[bit] ?? `capability ${bit}`);

/**
 * Any set holds a capability that the pod's specification does not give: all are to be regained. Names without CAP_. None is
 * given to be inheritable: a program's file could then hand it to a process that is not root (CVE-2022-24769), and no container
 * engine has filled that set since.
 */
export const capabilitiesBeyond = (given: readonly string[]): Oracle => ({
  crossedWhen: `a capability other than ${given.join(', ') || 'none'} is in any of the process's sets, or any in its inheritable set`,
  needsWitness: false,
  truths: () => [],
  decide({ observation }) {
    const failed = withoutValue(observation);
    if (failed) return failed;
    const { capEff, capBnd } = observation.value ?? {};
    if (typeof capEff !== 'string' || typeof capBnd !== 'string')
      return { kind: 'undecided', why: 'the status shows no capability sets' };
    // An older kernel has no ambient set, gVisor shows none.
    const more = ['capPrm', 'capInh', 'capAmb'].map((name) => observation.value?.[name]);
    const mask = [capEff, capBnd, ...more].map(maskOf).reduce((all, set) => all | set);
    const some = (names: readonly string[]) =>
      `${names.slice(0, 6).join(', ')}${names.length > 6 ? ` and ${names.length - 6} more` : ''}`;
    const extra = capabilitiesOf(mask).filter((name) => !given.includes(name));
    if (extra.length) return { kind: 'reached', seen: `capabilities beyond the specification: ${some(extra)}` };
    const inheritable = capabilitiesOf(maskOf(observation.value?.['capInh']));
    return inheritable.length
      ? { kind: 'reached', seen: `capabilities in the inheritable set: ${some(inheritable)}` }
      : { kind: 'denied', errno: 'not given', seen: `no capability beyond the ${given.length} that were given` };
  },
});

interface Descriptor {
  fd: number;
  target: string;
  outside: boolean;
}

/**
 * The container sees a process that neither is its first one nor descends from it: the node's, or under another kernel its
 * pod's or its guest's.
 */
export const othersVisible = (): Oracle => ({
  crossedWhen: "/proc shows a process that does not descend from the container's first one",
  needsWitness: false,
  truths: () => [],
  decide({ observation }) {
    const failed = withoutValue(observation);
    if (failed) return failed;
    const { own, others, foreign } = observation.value ?? {};
    if (typeof own !== 'number' || typeof others !== 'number')
      return { kind: 'undecided', why: 'no processes are counted' };
    if (others > 0) {
      const names = ((foreign as { pid: number; name: string }[] | undefined) ?? []).slice(0, 4);
      return {
        kind: 'reached',
        seen: `${others} processes of others are seen: ${names.map(({ pid, name }) => `${pid} ${name}`).join(', ')}${others > names.length ? ', …' : ''}`,
      };
    }
    if (own === 0) return { kind: 'undecided', why: 'not even the probe itself is seen' };
    return { kind: 'absent', seen: `${own} processes, all of them the container's` };
  },
});

/**
 * A descriptor that the container inherited leads outside its root. A pipe, a socket or an eventfd of a guest, as an agent may
 * leave one, leads to the agent and no further; what has a path may be the node's, whichever kernel opened it.
 */
export const descriptorLeaked = (): Oracle => ({
  crossedWhen:
    "the container's first process holds a descriptor of a file outside its root, or of a pipe, socket or the like of the node's own kernel, beside the pipes, the null device or the terminal of its standard streams",
  needsWitness: false,
  truths: () => [],
  decide(input) {
    const failed = withoutValue(input.observation);
    if (failed) return failed;
    const all = (input.observation.value?.['descriptors'] as Descriptor[] | undefined) ?? [];
    const leaked = all.filter((descriptor) => descriptor.outside);
    if (leaked.length === 0)
      return isCut(input.observation.value)
        ? { kind: 'undecided', why: 'more descriptors were inherited than a line of the probe can hold' }
        : { kind: 'absent', seen: 'no inherited descriptor leads outside' };
    const seen = `descriptor ${leaked.map(({ fd, target }) => `${fd} → ${target}`).join(', ')} leads outside`;
    const files = leaked.some(({ target }) => target.startsWith('/'));
    return files ? { kind: 'reached', seen } : onWhichKernel(input, seen);
  },
});
