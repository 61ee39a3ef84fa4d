import type { Attempt } from '../attempt.ts';
import type { Oracle } from '../outcome.ts';
import { isCut, withoutValue } from '../outcome.ts';
import { differs } from './kernel.ts';

/** `looksInto: 'own-view'`: files, processes and memory have namespaces, so not finding it needs no other kernel. */
interface CanaryOptions {
  looksInto: 'own-view' | 'kernel';
}

/**
 * The canary came back in plain text. A subject knows only its digest, so whoever can say it has read it: this cannot be
 * forged, and needs no other proof.
 */
export const canaryFound = ({ looksInto }: CanaryOptions = { looksInto: 'own-view' }): Oracle => ({
  crossedWhen: 'the text of the canary, which only the witness knew, comes back',
  needsWitness: true,
  truths: () => [],
  decide(input) {
    const { attempt, observation, witness, kernel } = input;
    const name = canaryOf(attempt);
    const token = witness?.canary(name);
    const value = observation.value ?? {};
    const text = [value['found'], value['reply'], value['text']].map(String).join('\n');
    if (token !== undefined && text.includes(token)) {
      return {
        kind: 'reached',
        seen: `the ${name} canary was read${typeof value['at'] === 'string' && value['at'] ? ` at ${value['at']}` : ''}`,
      };
    }
    const failed = withoutValue(observation);
    if (failed?.kind === 'not-attempted') return failed;
    if (token === undefined) return { kind: 'undecided', why: `the ${name} canary could not be planted on the node` };
    if (failed) return failed;
    if (isCut(observation.value)) return { kind: 'undecided', why: 'there were more places than could be looked into' };
    const seen =
      attempt.kind === 'bind'
        ? 'nobody came to it from the node'
        : typeof value['looked'] === 'number'
          ? `it looked into ${value['looked']} places, none held the canary`
          : 'it answered, without the canary';
    if (looksInto === 'kernel') return differs(input, seen);
    if (kernel.answer === 'unknown')
      return { kind: 'undecided', why: `${seen}, but which kernel answered is unknown: ${kernel.why}` };
    return { kind: 'contained', seen };
  },
});

function canaryOf(attempt: Attempt): string {
  if ('canary' in attempt) return attempt.canary;
  return attempt.kind === 'connect' && attempt.network === 'unix' ? 'socket' : 'loopback';
}
