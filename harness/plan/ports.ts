import type { PathCheck } from '../check.ts';

/** The first port on which a server of the tenants listens. */
export const servicePort = 7001;
/**
 * A policy engine, or a rule before it, may pass by some ports. One of these is in the range of NodePorts, whose packets
 * are rewritten on their way, and where exceptions are made for them; the others are those of SSH, DNS and the web, which
 * whoever denies everything else is tempted to let through.
 */
const otherPorts: Readonly<Record<PathCheck['network'], readonly number[]>> = {
  tcp: [31_001, 22, 53, 80, 443, 8080],
  udp: [31_001, 53, 443],
};

/** Those that are tried beside the first: a server that deletes its packet filter rules listens on a single port. */
export const otherPortsOf = ({ server, network }: Pick<PathCheck, 'server' | 'network'>): readonly number[] =>
  server === 'plain' ? otherPorts[network] : [];

/** Those on which a server listens beside the first, over TCP and UDP. */
export const morePortsOf = (server: PathCheck['server']): readonly number[] => [
  ...new Set([...otherPortsOf({ server, network: 'tcp' }), ...otherPortsOf({ server, network: 'udp' })]),
];
