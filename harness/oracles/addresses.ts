import type { Oracle, Outcome } from '../outcome.ts';
import { isCut, withoutValue } from '../outcome.ts';

/** Addresses that lead nowhere but to the pod itself, or to the other end of one of its own links (RFC 1122, 3927, 4291). */
const ofTheLink = /^(127\.|169\.254\.|::1$|fe[89ab][0-9a-f]:)/i;

const addressesOf = (value: Record<string, unknown> | undefined): string[] | undefined =>
  Array.isArray(value?.['addresses'])
    ? value['addresses'].map((one: { address?: unknown } | null) => String(one?.address))
    : undefined;

/**
 * A network interface has an address that the cluster does not know: whoever enforces policies, which name pods by what is in their
 * status, does not know it either.
 */
export const addressOfNobody = (): Oracle => ({
  crossedWhen:
    "an interface, loopback and link-local addresses left out, has an address that the pod's status in the API server does not have",
  needsWitness: false,
  truths: () => [],
  decide({ observation, facts }): Outcome {
    const failed = withoutValue(observation);
    if (failed) return failed;
    const all = addressesOf(observation.value);
    if (!all) return { kind: 'undecided', why: 'which addresses it has is not known' };
    const known = facts['pod.addresses'];
    if (known === undefined) return { kind: 'undecided', why: 'which addresses the cluster knows of is not known' };
    const knownTo = new Set(String(known).toLowerCase().split(' '));
    const found = all.filter((address) => !ofTheLink.test(address));
    const others = found.filter((address) => !knownTo.has(address.toLowerCase()));
    if (others.length)
      return { kind: 'reached', seen: `it has ${others.join(', ')}, and the cluster knows of ${String(known)} alone` };
    if (isCut(observation.value))
      return { kind: 'undecided', why: 'it has more addresses than a line of the probe can hold' };
    // Nothing to be reached at: or nothing that could be seen.
    if (found.length === 0) return { kind: 'undecided', why: 'it shows no address, and the cluster knows of one' };
    return { kind: 'absent', seen: `it has ${found.join(', ')} alone, as the cluster says` };
  },
});
