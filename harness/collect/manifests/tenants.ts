import type { V1NetworkPolicy, V1Pod } from '@kubernetes/client-node';
import { listensBelow1024, profiles } from '../../../fixtures/profiles.ts';
import { addresses, attemptId, identity } from '../../attempt.ts';
import type { Attempt } from '../../attempt.ts';
import type { ClientPod, Plan, ServerPod } from '../../plan/planned.ts';
import { morePortsOf, otherPortsOf, servicePort } from '../../plan/ports.ts';
import { labelsOf } from '../../labels.ts';
import { patient } from './patience.ts';
import { container, pod, readiness, readyPort } from './pod.ts';
import type { Common } from './pod.ts';
import { address, familyOf, targetOf } from './targets.ts';

/** Where a server is reached. */
export interface ServerAddresses {
  /** By the pod's status: one, or one of each family. */
  cluster: readonly string[];
  /** What it has of IPv6 for its link alone, whether or not anybody is on that link. */
  linkLocal?: string | undefined;
}

/**
 * What a tenant tells of itself before anything else: the kernel that runs it, so that a handler cannot keep another for
 * tenants.
 */
const introduction = ({ patience }: Common, ...further: Attempt[]) => ({
  mark: true,
  attempts: [identity(), ...further].map((attempt) => ({ id: attemptId(attempt), ...patient(patience, attempt) })),
});

/** The tenant that must not be reached. A flushing one is privileged, and deletes every packet filter rule that it can. */
export function serverManifest(common: Common, server: ServerPod): V1Pod {
  const flush = server.server === 'flushing';
  const job = {
    // Its link-local address is in nobody's records but its own.
    ...introduction(common, addresses()),
    nonce: server.nonce,
    tcpPort: servicePort,
    udpPort: servicePort,
    morePorts: morePortsOf(server.server),
    readyPort,
    timeoutMs: common.patience.tenantTry,
    flush,
  };
  return pod(common, server.name, common.plan.tenants.server, 'server', server.cell, common.lifetimes.long, {}, [
    container(common, 'server', 'serve', job, {
      securityContext: flush ? profiles.privileged.securityContext : listensBelow1024,
      ...readiness,
    }),
  ]);
}

/** The tenant that tries to reach the others, again and again, with a number in every nonce. */
export function clientManifest(
  common: Common,
  client: ClientPod,
  servers: ReadonlyMap<string, ServerAddresses>,
): V1Pod {
  const targets = common.plan.paths
    .filter((path) => path.client === client.name)
    .flatMap((path) => {
      const { network } = path;
      const { cluster = [], linkLocal } = servers.get(path.serverPod) ?? {};
      return [
        ...cluster.map((ip, index) => {
          const first = index === 0;
          const morePorts = first ? otherPortsOf(path) : [];
          return {
            id: targetOf(path, first ? undefined : familyOf(ip)),
            network,
            address: address(ip),
            ...(morePorts.length > 0 && { morePorts }),
          };
        }),
        ...(linkLocal
          ? [{ id: targetOf(path, 'link-local'), network, address: address(linkLocal), optional: true }]
          : []),
      ];
    });
  const { tenantTry, opening } = common.patience;
  const rhythm = { intervalMs: 2000, timeoutMs: tenantTry, readyPort, readyAfterMs: opening };
  const job = { ...introduction(common), nonce: client.nonce, targets, ...rhythm };
  return pod(common, client.name, common.plan.tenants.client, 'client', client.cell, common.lifetimes.long, {}, [
    container(common, 'client', 'dial', job, { securityContext: profiles.restricted.securityContext, ...readiness }),
  ]);
}

/** Nothing may enter the server tenant's namespace, or nothing may leave the client tenant's. */
export function denyAll(plan: Plan, direction: 'ingress' | 'egress'): V1NetworkPolicy {
  const namespace = direction === 'ingress' ? plan.tenants.server : plan.tenants.client;
  return {
    metadata: { name: `default-deny-${direction}`, namespace, labels: labelsOf(plan.runId) },
    spec: { podSelector: {}, policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'] },
  };
}
