import { openForReading } from '../attempt.ts';
import type { Oracle, Outcome } from '../outcome.ts';
import { withoutValue } from '../outcome.ts';

/** Where the node's kernel tells of the profiles that are loaded; not there without AppArmor (securityfs). */
const profilesOfTheNode = openForReading('/proc/1/root/sys/kernel/security/apparmor/profiles');
/** What container engines load their own profile with. Without it they run containers without one, and say nothing. */
const parserOfTheNode = openForReading('/proc/1/root/sbin/apparmor_parser');

/** With both, the node can put a container into a profile. */
const whatItTakes = [profilesOfTheNode, parserOfTheNode];

/** A profile that is in force; in mode `complain` it forbids nothing (aa_getcon(2)). */
const enforced = / \((enforce|kill)\)\s*$/;

/**
 * No AppArmor profile is in force although the node could put the container into one, or it is not the container engine's.
 * The kernel answers `NAME (MODE)` of a process in a profile, and `unconfined` of one in none.
 */
export const notConfined = (): Oracle => ({
  crossedWhen:
    "the process is in no AppArmor profile that is enforced, the node's own kernel answers, and the node has AppArmor and the program by which container engines load profiles; or it is in another profile than the same pod under the reference handler",
  needsWitness: true,
  comparesWithReference: true,
  truths: () => whatItTakes,
  decide({ observation, kernel, witness, reference }): Outcome {
    const failed = withoutValue(observation);
    if (failed?.kind === 'not-attempted') return failed;
    if (kernel.answer === 'another') return { kind: 'absent', seen: `no profile of the node's: ${kernel.why}` };
    const text = observation.value?.['text'];
    const seen = `AppArmor says “${String(text).trim()}”`;
    if (typeof text === 'string' && enforced.test(text)) {
      const there = reference?.observation?.value?.['text'];
      return typeof there === 'string' && enforced.test(there) && there !== text
        ? { kind: 'reached', seen: `${seen}, and “${there.trim()}” of the same pod under the reference handler` }
        : { kind: 'denied', errno: 'confined', seen };
    }
    const truths = whatItTakes.map((attempt) => witness?.truth(attempt));
    if (truths.some((truth) => truth?.errno === 'ENOENT'))
      return { kind: 'absent', seen: 'the node has no AppArmor, or no program that loads its profiles' };
    if (truths.some((truth) => truth?.value === undefined))
      return { kind: 'undecided', why: 'the witness could not see whether the node has AppArmor' };
    if (typeof text !== 'string' || text.trim() === '')
      return { kind: 'undecided', why: 'the node has AppArmor, and the container could not read its own profile' };
    if (kernel.answer === 'unknown')
      return { kind: 'undecided', why: `${seen}, but which kernel answered is unknown: ${kernel.why}` };
    return { kind: 'reached', seen };
  },
});
