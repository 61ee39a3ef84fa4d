import type { ServerPod } from './planned.ts';

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
