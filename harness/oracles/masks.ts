import type { Oracle, OracleInput, Outcome } from '../outcome.ts';
import { withoutValue } from '../outcome.ts';
import { onWhichKernel } from './kernel.ts';

/** File systems in which a kernel shows itself. A mask is on another one: an empty tmpfs, or /dev/null. */
const shownByTheKernel: ReadonlySet<unknown> = new Set(['proc', 'sysfs', 'debugfs', 'securityfs']);

/**
 * Masks that not every kubelet asks for: since some release of each of these minor versions, and in all later ones. Without any
 * release it is never certain: a container engine may take it out again.
 */
const laterMasks: readonly { path: RegExp; since: readonly string[] }[] = [
  // Pull request 131018, in 1.34.0 and, by its cherry-picks 132985, 132986 and 132987, in 1.33.5 and about the same time in
  // 1.32 and 1.31.
  { path: /^\/proc\/interrupts$/, since: ['1.31.14', '1.32.10', '1.33.5', '1.34.0'] },
  // One for each processor, which machines with many of them do not bear (kubernetes issue 138512, CRI-O pull request 9661).
  { path: /\/thermal_throttle$/, since: [] },
  // Pull request 125970; older minor versions have it from some release on, too.
  { path: /^\/sys\/devices\/virtual\/powercap$/, since: ['1.31.0'] },
];

/** Whether a kubelet of this version certainly asks for the mask. */
function asksForMask({ since }: { since: readonly string[] }, kubelet: string): boolean {
  const numbers = (version: string) => version.split('.').map(Number) as [number, number, number];
  const version = /^v?(\d+\.\d+\.\d+)/.exec(kubelet)?.[1];
  if (version === undefined) return false;
  const [major, minor, patch] = numbers(version);
  const releases = since.map(numbers);
  const same = releases.find(([a, b]) => a === major && b === minor);
  if (same) return patch >= same[2];
  return releases.length > 0 && releases.every(([a, b]) => major > a || (major === a && minor > b));
}

/**
 * There is content behind a path that ought to be masked. What cannot be read for want of a privilege is not masked either: the
 * mask is what stands when the privilege is given. A runtime masks what it is asked for, and not every kubelet asks for all.
 */
export const notMasked = (): Oracle => ({
  crossedWhen:
    "what is behind the path is content of the node's kernel, whether it can be read or asks for a privilege; and, where the node's kubelet may not ask for the mask, the same pod under the reference handler has it",
  needsWitness: true,
  comparesWithReference: true,
  truths: () => [],
  decide(input) {
    const outcome = behindMask(input);
    const path = input.attempt.kind === 'peek' ? input.attempt.path : '';
    const later = laterMasks.find((one) => one.path.test(path));
    const kubelet = input.witness?.kubelet ?? '';
    if (outcome.kind !== 'reached' || !later || !input.reference || asksForMask(later, kubelet)) return outcome;
    const { observation } = input.reference;
    const there = observation && behindMask({ ...input, observation });
    // Masked there, or there is nothing: the handlers differ.
    if (there?.kind === 'denied' || there?.kind === 'absent')
      return { kind: 'reached', seen: `${outcome.seen}, and the same pod under the reference handler has it masked` };
    if (there?.kind !== 'reached')
      return { kind: 'undecided', why: `${outcome.seen}, and of the pod under the reference handler nothing is known` };
    return {
      kind: 'absent',
      seen: `no mask: ${outcome.seen}`,
      noBoundary: `the kubelet (${kubelet || 'of an unknown version'}) may not ask for one: nor has the same pod under the reference handler any`,
    };
  },
});

function behindMask(input: OracleInput): Outcome {
  const failed = withoutValue(input.observation);
  if (failed) return failed;
  const { type, major, minor, bytes, entries, refused, fstype } = input.observation.value ?? {};
  if (type === 'char' && major === 1 && minor === 3)
    return { kind: 'denied', errno: 'masked', seen: 'it is /dev/null' };
  if (typeof refused === 'string') {
    return shownByTheKernel.has(fstype)
      ? onWhichKernel(input, `it is there, unmasked, though reading it returned ${refused}`)
      : { kind: 'denied', errno: refused, seen: `reading it returned ${refused}` };
  }
  // No mask, and nothing for one to hide: a kernel that cannot sleep keeps an empty /proc/acpi.
  if (input.kernel.answer === 'node' && shownByTheKernel.has(fstype) && (type === 'dir' ? entries : bytes) === 0)
    return { kind: 'absent', seen: 'it is there, unmasked and empty', nothingBehind: 'there is nothing behind it' };
  if (type === 'dir') {
    return entries === 0
      ? { kind: 'denied', errno: 'masked', seen: 'it is an empty directory' }
      : onWhichKernel(input, `the directory has ${String(entries)} entries`);
  }
  return bytes === 0
    ? { kind: 'denied', errno: 'masked', seen: 'it reads empty' }
    : onWhichKernel(input, `${String(bytes)} bytes could be read`);
}
