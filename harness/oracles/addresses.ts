import type { Oracle, Outcome } from '../outcome.ts';
import { isCut, withoutValue } from '../outcome.ts';

/** Addresses that lead nowhere but to the pod itself, or to the other end of one of its own links (RFC 1122, 3927, 4291). */
const ofTheLink = /^(127\.|169\.254\.|::1$|fe[89ab][0-9a-f]:)/i;

/** An address of IPv6 that is of use on its link alone (RFC 4291, section 2.5.6). */
const ofTheLinkInIpv6 = /^fe[89ab][0-9a-f]:/i;

/** The link-local address of IPv6 on the interface that has this other one; undefined where that has none. */
export function linkLocalBeside(ip: string, value: Record<string, unknown> | undefined): string | undefined {
  const all = listed(value) ?? [];
  const own = all.find((one) => one.address === ip);
  return own && all.find((one) => one.interface === own.interface && ofTheLinkInIpv6.test(one.address ?? ''))?.address;
}

/** What the probe tells of each address, and of each interface without one. */
interface InterfaceAddress {
  interface: string;
  address: string;
  up: boolean;
}

const listed = (value: Record<string, unknown> | undefined): Partial<InterfaceAddress>[] | undefined =>
  Array.isArray(value?.['addresses'])
    ? value['addresses'].map((one: Partial<InterfaceAddress> | null) => one ?? {})
    : undefined;

const addressesOf = (value: Record<string, unknown> | undefined): string[] | undefined =>
  listed(value)?.flatMap((one) => (one.address === undefined && one.interface ? [] : [String(one.address)]));

/**
 * A network interface has an address that the cluster does not know: whoever enforces policies, which name pods by what is
 * in their status, does not know it either.
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

/**
 * What a kernel puts into every network namespace by itself, down, once a module for such tunnels is loaded
 * (Documentation/admin-guide/sysctl/net.rst, fb_tunnels_only_for_init_net), or into a guest (dummy, bonding, ifb).
 */
const byTheKernel =
  /^(tunl|gre|gretap|erspan|ip_vti|ip6_vti|sit|ip6tnl|ip6gre|ip6gretap|ip6erspan|teql|dummy|bond|ifb)\d+$/;

/** The interfaces that lead somewhere, each once. */
const linksOf = (value: Record<string, unknown> | undefined): string[] | undefined => {
  const all = listed(value)?.filter(({ interface: name = '', up }) => name !== 'lo' && (up || !byTheKernel.test(name)));
  return all && [...new Set(all.map((one) => String(one.interface)))];
};

/**
 * The pod has more network interfaces than its network has given to the same pod under the reference handler. By their
 * number: the kernel of a guest may name its own.
 */
export const interfaceOfOthers = (): Oracle => ({
  crossedWhen:
    'the pod has more network interfaces, loopback and what a kernel makes by itself left out, than the same pod under the reference handler',
  needsWitness: false,
  comparesWithReference: true,
  truths: () => [],
  decide({ observation, reference }): Outcome {
    const failed = withoutValue(observation);
    if (failed) return failed;
    const own = linksOf(observation.value);
    if (!own) return { kind: 'undecided', why: 'which interfaces it has is not known' };
    // Without one there is no network: nothing that could be seen.
    if (own.length === 0) return { kind: 'undecided', why: 'it shows no interface beside the loopback' };
    const cut = isCut(observation.value);
    const alone: Outcome = cut
      ? { kind: 'undecided', why: 'it has more interfaces than a line of the probe can hold' }
      : { kind: 'absent', seen: `it has ${inWords(own)}` };
    if (own.length === 1) return alone;
    if (!reference) return { kind: 'reached', seen: `it has ${inWords(own)}` };
    // A cluster may give every pod a second network.
    if (reference.itself)
      return {
        kind: 'undecided',
        why: `it has ${inWords(own)}, and is the reference, so that nothing tells what it should have`,
      };
    const there = isCut(reference.observation?.value) ? undefined : linksOf(reference.observation?.value);
    if (!there)
      return {
        kind: 'undecided',
        why: `it has ${inWords(own)}, and which the pod under the reference handler has is not known`,
      };
    if (own.length <= there.length) return alone;
    return {
      kind: 'reached',
      seen: `it has ${inWords(own)}, and the pod under the reference handler has ${inWords(there)}`,
    };
  },
});

const inWords = (names: readonly string[]): string =>
  names.length === 1 ? `the interface ${names[0] ?? ''} alone` : `the interfaces ${names.join(', ') || '(none)'}`;
