import type { Outcome, OracleInput, Oracle } from '../outcome.ts';
import { withoutValue } from '../outcome.ts';
import { orByTheNode, settingsOf } from './hardening.ts';

/**
 * It worked: was it the node's kernel that answered? The same path or number says nothing by itself, because a guest
 * may run the node's own kernel build (Kata on a Debian node does).
 */
export function onWhichKernel({ kernel }: Pick<OracleInput, 'kernel'>, seen: string): Outcome {
  if (kernel.answer === 'node') return { kind: 'reached', seen };
  if (kernel.answer === 'another') return { kind: 'contained', seen: `${seen}, on another kernel than the node's` };
  return { kind: 'undecided', why: `${seen}, but which kernel answered is unknown: ${kernel.why}` };
}

/** It worked and shows something else than the node's: only believed where another kernel is proved. */
export function differs({ kernel }: Pick<OracleInput, 'kernel'>, seen: string): Outcome {
  if (kernel.answer === 'another') return { kind: 'contained', seen };
  if (kernel.answer === 'node') {
    return {
      kind: 'undecided',
      why: `${seen}, although the node's kernel answers this container: something hides or fakes it`,
    };
  }
  return { kind: 'undecided', why: `${seen}, but which kernel answered is unknown: ${kernel.why}` };
}

/** The oracle for a value that the witness reads in the same way on the node. */
export function comparedWithTheNode(
  crossedWhen: string,
  compare: (mine: Value, nodes: Value, input: OracleInput) => Outcome,
): Oracle {
  return {
    crossedWhen,
    needsWitness: true,
    truths: (attempt) => [attempt],
    decide(input) {
      const failed = withoutValue(input.observation);
      if (failed) return failed;
      const truth = input.witness?.truth(input.attempt);
      if (!truth?.value) {
        return {
          kind: 'undecided',
          why: `the witness could not see the same on the node (${truth?.errno ?? truth?.notAttempted ?? 'no witness'})`,
        };
      }
      return compare(input.observation.value ?? {}, truth.value, input);
    },
  };
}

export type Value = Record<string, unknown>;

/** The opened file, device or call was allowed, by the node's own kernel. */
export const allowed = (): Oracle => ({
  crossedWhen: "it is allowed, and the node's own kernel answered",
  needsWitness: true,
  truths: settingsOf,
  decide: (input) => orByTheNode(withoutValue(input.observation), input) ?? onWhichKernel(input, 'it was allowed'),
});

/**
 * Calls that an engine's own profile refuses in all of its versions to a pod with the usual capabilities: they stand in
 * it for CAP_SYS_ADMIN, CAP_SYS_PTRACE, CAP_SYS_NICE, CAP_SYS_BOOT or CAP_SYSLOG alone, or not at all (containerd
 * `contrib/seccomp/seccomp_default.go` of 1.6 and 2.x, moby `profiles/seccomp/default.json`). CRI-O's, which is that of
 * containers/common, allows most of them, and the newer it is the more; its users may name another.
 */
const refusedByContainerdAndDocker = [
  'setns',
  'mount_nowhere',
  'umount2',
  'open_tree',
  'fsconfig',
  'pidfd_getfd',
  'keyctl',
  'mount_setattr',
  'fanotify_init',
  'set_mempolicy',
  'mbind',
  'get_mempolicy',
  'clone3',
  'fsopen_x32',
  'move_mount_x32',
  'reboot_x32',
  'syslog_x32',
] as const;
const refusedByEngine: ReadonlyMap<string, readonly string[]> = new Map([
  ['containerd', refusedByContainerdAndDocker],
  ['docker', refusedByContainerdAndDocker],
]);

const engineRefuses = ({ attempt, witness }: OracleInput): boolean =>
  attempt.kind === 'call' && (refusedByEngine.get(witness?.engine ?? '') ?? []).includes(attempt.call);

/**
 * It was allowed by the node's own kernel, and is refused to the same pod under the reference handler. Which calls a
 * container engine's own profile has differs from engine to engine, and from version to version: on one node it is one.
 * Where the reference handler itself lets too much through, what is known of the engine remains.
 */
export const allowedBeyondTheReference = (): Oracle => ({
  crossedWhen:
    "it is allowed, the node's own kernel answered, and the same pod under the reference handler is refused it, or the node's container engine has it in none of its own profiles",
  needsWitness: true,
  comparesWithReference: true,
  truths: settingsOf,
  decide(input) {
    const outcome = orByTheNode(withoutValue(input.observation), input) ?? onWhichKernel(input, 'it was allowed');
    if (outcome.kind !== 'reached' || !input.reference) return outcome;
    const { observation, itself } = input.reference;
    const there = observation
      ? withoutValue(observation)
      : { kind: 'not-attempted' as const, why: 'it did not report it' };
    if (there && there.kind !== 'not-attempted')
      return { kind: 'reached', seen: `it was allowed, and refused to the same pod under the reference handler` };
    if (engineRefuses(input))
      return {
        kind: 'reached',
        seen: `it was allowed, and no profile of ${input.witness?.engine ?? ''}'s own allows it to such a pod`,
      };
    if (there)
      return {
        kind: 'undecided',
        why: `it was allowed, and of the pod under the reference handler nothing is known: ${there.why}`,
      };
    return itself
      ? {
          kind: 'absent',
          seen: 'it was allowed',
          noBoundary: 'this is the reference handler: there is no other to compare with',
        }
      : { kind: 'absent', seen: 'no difference: it was allowed to the pod under the reference handler, too' };
  },
});

/** It was allowed, whichever kernel allowed it: for what reaches out of the sandbox by itself. */
export const allowedAnywhere = (): Oracle => ({
  crossedWhen: 'it is allowed',
  needsWitness: false,
  truths: () => [],
  decide: ({ observation }) => withoutValue(observation) ?? { kind: 'reached', seen: 'it was allowed' },
});

/** The very same content as on the node (text or bytes, by digest). */
export const sameContent = (): Oracle =>
  comparedWithTheNode("it reads the same as on the node, and the node's own kernel answered", (mine, nodes, input) =>
    mine['sha256'] === nodes['sha256']
      ? onWhichKernel(input, `it reads the same as on the node (${quote(mine['text'])})`)
      : differs(input, `it reads ${quote(mine['text'])}, on the node ${quote(nodes['text'])}`),
  );

/** The boot id is the node's. */
export const sameBootId = (): Oracle =>
  comparedWithTheNode("the boot id is the node's", (mine, nodes, input) => {
    const seen = `boot id ${String(mine['bootId'])}, the node's ${String(nodes['bootId'])}`;
    if (!mine['bootId']) return { kind: 'absent', seen: 'there is no boot id' };
    return mine['bootId'] === nodes['bootId'] ? { kind: 'reached', seen } : differs(input, seen);
  });

/** Seconds: the boot time is computed from two clocks that a kernel reads one after the other. */
const bootTimeTolerance = 2;

/** The kernel booted when the node did. */
export const sameBootTime = (): Oracle =>
  comparedWithTheNode("the boot time is the node's, and the node's own kernel answered", (mine, nodes, input) => {
    const apart = Math.abs(Number(mine['btime']) - Number(nodes['btime']));
    if (!Number.isFinite(apart)) return { kind: 'undecided', why: 'a boot time is missing' };
    return apart <= bootTimeTolerance
      ? onWhichKernel(input, "it booted at the node's boot time")
      : differs(input, `it booted ${apart} s apart from the node`);
  });

/** Nine tenths of the names: a module may be loaded, or unloaded, between the two looks. */
const sameModulesShare = 0.9;

/** The list of loaded modules is the node's. */
export const sameModules = (): Oracle =>
  comparedWithTheNode("the loaded modules are the node's, and the node's own kernel answered", (mine, nodes, input) => {
    const [inside, outside] = [moduleNames(mine['text']), moduleNames(nodes['text'])];
    if (outside.size === 0) return { kind: 'undecided', why: 'the node itself lists no modules' };
    if (inside.size === 0) return differs(input, 'it lists no modules');
    const shared = [...inside].filter((name) => outside.has(name)).length;
    // The witness looked first: where the node's kernel answers, names that are too many were loaded since.
    const share = shared / (input.kernel.answer === 'node' ? outside.size : new Set([...inside, ...outside]).size);
    return share >= sameModulesShare
      ? onWhichKernel(input, `${shared} of the node's ${outside.size} modules are listed`)
      : differs(input, `${inside.size} modules are listed, ${shared} of them also among the node's ${outside.size}`);
  });

const moduleNames = (text: unknown): Set<string> =>
  new Set(
    textOf(text)
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split(' ')[0] ?? ''),
  );

/** The witness saw the node's counter move by exactly what this container reserved. */
export const nodeCounterMoved = (): Oracle => ({
  crossedWhen: "the node's fs.aio-nr moves by exactly the number that this container reserves",
  needsWitness: true,
  truths: () => [],
  decide(input) {
    const failed = withoutValue(input.observation);
    if (failed) return failed;
    if (!input.witness) return { kind: 'undecided', why: "no witness watched the node's counter" };
    const slots = Number(input.observation.value?.['reserved']);
    if (input.witness.counterChanges.includes(slots))
      return { kind: 'reached', seen: `the node's counter moved by ${slots}, the number reserved here` };
    return input.witness.counterCut
      ? { kind: 'undecided', why: "the node's counter moved too often to be watched to the end" }
      : differs(input, `${slots} slots were reserved, and the node's counter did not move by that`);
  },
});

/** The witness saw the socket on which this container listens among those of the node's kernel. */
export const nodeSocketSeen = (): Oracle => ({
  crossedWhen: "the socket on which this container listens is one of the node's kernel",
  needsWitness: true,
  truths: () => [],
  decide(input) {
    const failed = withoutValue(input.observation);
    if (failed) return failed;
    if (!input.witness) return { kind: 'undecided', why: "no witness looked at the node's sockets" };
    const port = Number(input.facts['stack.port']);
    return input.witness.listening.includes(port)
      ? { kind: 'reached', seen: `the node's kernel has the socket that listens on port ${port} of this pod` }
      : differs(input, `it listens on port ${port}, and no socket of the node's kernel does`);
  },
});

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function quote(text: unknown): string {
  const line = textOf(text).trim();
  return line.length > 90 ? `“${line.slice(0, 90)}…”` : `“${line}”`;
}
