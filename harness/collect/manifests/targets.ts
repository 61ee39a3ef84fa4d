import { servicePort } from '../../plan/ports.ts';

/**
 * The name under which a client reports its tries on a path; `other` is the family of an address beside the pod's first
 * one, a port beside the first, or that it is the address of the link. The probe puts ports together with it the same way.
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
export const address = (ip: string): string =>
  familyOf(ip) === 'IPv6' ? `[${ip}]:${servicePort}` : `${ip}:${servicePort}`;
