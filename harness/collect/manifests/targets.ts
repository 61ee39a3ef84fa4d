import type { ServerPod } from '../../plan/planned.ts';

/** The first port on which a server of the tenants listens. */
export const servicePort = 7001;
/**
 * A policy engine, or a rule before it, may pass by some ports. One of these is in the range of NodePorts, whose packets
 * are rewritten on their way, and where exceptions are made for them; the others are those of DNS and of the web, which
 * whoever denies everything else is tempted to let through.
 */
const otherPorts: readonly number[] = [31_001, 53, 80, 443];
/** Those of a server: one that deletes its packet filter rules listens on a single port. */
export const otherPortsOf = (server: ServerPod['server']): readonly number[] => (server === 'plain' ? otherPorts : []);

/**
 * The name under which a client reports its tries on a path; `other` is the family of an address beside the pod's first
 * one, a port beside the first, or that it is the address of the link.
 */
export const targetOf = (
  path: { serverPod: string; network: string },
  other?: Family | number | typeof linkLocal,
): string => `${path.serverPod}-${path.network}${other === undefined ? '' : `-${String(other).toLowerCase()}`}`;

const linkLocal = 'link-local';
/** Whether a path to this target need not be there: a link-local address reaches only who is on the same link. */
export const isOptional = (target: string): boolean => target.endsWith(`-${linkLocal}`);

export type Family = 'IPv4' | 'IPv6';
export const familyOf = (ip: string): Family => (ip.includes(':') ? 'IPv6' : 'IPv4');

/** As it is dialled. */
export const address = (ip: string, port = servicePort): string =>
  familyOf(ip) === 'IPv6' ? `[${ip}]:${port}` : `${ip}:${port}`;
