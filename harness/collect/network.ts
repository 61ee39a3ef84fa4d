import { addresses, attemptId } from '../attempt.ts';
import type { Collection } from './collection.ts';
import type { Evidence } from '../evidence.ts';
import { Following } from './following.ts';
import type { ClientProgress } from './following.ts';
import { parseFrames } from './frame.ts';
import { markOf } from '../judge/kernel.ts';
import { triesForAPhase } from '../judge/path.ts';
import { familyOf, targetOf } from './manifests/targets.ts';
import { otherPortsOf } from '../plan/ports.ts';
import { clientManifest, denyAll, serverManifest } from './manifests/tenants.ts';
import type { ServerAddresses } from './manifests/tenants.ts';
import { linkLocalBeside } from '../oracles/addresses.ts';
import { tenantNamespaces } from '../plan/plan.ts';
import type { ClientPod, Plan, ServerPod } from '../plan/planned.ts';

type Network = Evidence['network'];

/** The planned paths, before anything is tried: each of them has its verdict, whatever becomes of the run. */
export const untriedNetwork = ({ paths }: Plan): Network => ({
  paths: paths.map((path) => evidenceOf(path, undefined)),
  marks: {},
});

/**
 * The tenants' part of a run: the servers, then the clients that try to reach them all the time, while the policy is put up
 * and taken away again. Phases are told apart by the numbers in the clients' own logs. The pods stand until `endTenants`.
 */
export async function throughNetwork(run: Collection, network: Network): Promise<void> {
  if (network.paths.length === 0) return;
  try {
    const servers = await startServers(run);
    network.paths = run.plan.paths.map((path) => evidenceOf(path, servers.get(path.serverPod)));
    const clients = await startClients(run, servers);
    if (clients.length > 0) await throughPhases(run, clients, network);
  } catch (error) {
    network.cause = run.trouble('the paths between tenants', error);
  }
}

function evidenceOf(
  { serverPod, ...path }: Plan['paths'][number],
  server: ServerAddresses | undefined,
): Network['paths'][number] {
  const target = { serverPod, network: path.network };
  const other = server?.cluster[1];
  const linkLocal = server?.linkLocal;
  return {
    ...path,
    client: `${path.client}/client`,
    serverContainer: `${serverPod}/server`,
    target: targetOf(target),
    otherPorts: otherPortsOf(path).map((port) => ({ port, target: targetOf(target, port) })),
    ...(other && { otherFamily: { family: familyOf(other), target: targetOf(target, familyOf(other)) } }),
    ...(linkLocal && { linkLocal: { address: linkLocal, target: targetOf(target, 'link-local') } }),
  };
}

/** The addresses of the servers that came up, by pod. One that did not come up is a trouble, and its paths stay untried. */
async function startServers(run: Collection): Promise<Map<string, ServerAddresses>> {
  const { plan } = run;
  const servers = new Map<string, ServerAddresses>();
  await Promise.all(
    plan.servers.map((server) =>
      run.limited(server.cell.node, async () => {
        if (run.signal.aborted) return;
        try {
          const started = Date.now();
          await run.create(serverManifest(run.common(), server));
          await run.until(plan.tenants.server, server.name, 'ready', run.pace.start());
          if (server.cell.reference) run.pace.measured(Date.now() - started);
          const own = run.pods.addresses(plan.tenants.server, server.name);
          if (own) servers.set(server.name, { cluster: own, linkLocal: await linkLocalOf(run, server, own[0]) });
          run.say(`${servers.size} of ${plan.servers.length} servers of the tenants stand`);
        } catch (error) {
          run.trouble(`server ${server.name}`, error);
        }
      }),
    ),
  );
  return servers;
}

/** By the server's own word, which it prints before it is ready. */
async function linkLocalOf(run: Collection, server: ServerPod, ip = ''): Promise<string | undefined> {
  const log = await run.target.log(run.plan.tenants.server, server.name, 'server');
  const told = parseFrames(log, server.nonce).observations.find((one) => one.id === attemptId(addresses()));
  return linkLocalBeside(ip, told?.value);
}

async function startClients(run: Collection, servers: ReadonlyMap<string, ServerAddresses>): Promise<ClientPod[]> {
  const { plan } = run;
  const started: ClientPod[] = [];
  await Promise.all(
    plan.clients.map((client) =>
      run.limited(client.cell.node, async () => {
        if (run.signal.aborted) return;
        try {
          await run.create(clientManifest(run.common(), client, servers));
          await run.until(plan.tenants.client, client.name, 'ready', run.pace.start() + run.pace.opening());
          started.push(client);
          run.say(`${started.length} of ${plan.clients.length} clients of the tenants reach all servers`);
        } catch (error) {
          run.trouble(`client ${client.name}`, error);
        }
      }),
    ),
  );
  return started;
}

type Mark = keyof Network['marks'][string];

async function throughPhases(run: Collection, clients: readonly ClientPod[], network: Network): Promise<void> {
  const { target, plan, pace, options } = run;
  using following = new Following(run, clients);
  const mark = (name: Mark, states: readonly ClientProgress[]) => {
    clients.forEach(({ name: client }, index) => {
      const known = network.marks[`${client}/client`];
      network.marks[`${client}/client`] = { ...known, [name]: states[index]?.last ?? 0 };
    });
    options.journal.record('network-mark', { name, marks: network.marks });
  };
  /** Puts a policy up, has every path tried under it, takes it away, and waits until the paths are open again. */
  const deny = async (direction: 'ingress' | 'egress', closedFrom: Mark, closedUntil: Mark, openFrom: Mark) => {
    const policy = denyAll(plan, direction);
    await target.createNetworkPolicy(policy);
    run.say(`a policy denies the tenants all ${direction}`);
    const closed = await following.until(pace.policy(options.promptPolicies), (state) => state.closed);
    mark(closedFrom, closed);
    const enough = (state: ClientProgress, index: number) =>
      state.last - (closed[index]?.last ?? 0) >= state.targets * triesForAPhase;
    run.say(`the tenants try their paths under the policy of ${direction}`);
    mark(closedUntil, await following.until(pace.phase(), enough));
    await target.deleteNetworkPolicy(policy);
    run.say(`the policy of ${direction} is gone: the paths have to open again`);
    // From here on a nonce may arrive; that one of each path does is the control.
    const lifted = following.states();
    mark(openFrom, lifted);
    // Once is enough for a control. On a busy node, not all are open at a time.
    return following.until(pace.reopening(), (state, index) => state.opened > (lifted[index]?.last ?? 0));
  };
  // A client is ready once each of its paths was open: what a path needs of this phase is there already.
  mark('openUntil', await following.read());
  const again = await deny('ingress', 'closedFrom', 'closedUntil', 'openAgainFrom');
  if (!plan.checks.some((check) => check.scope === 'path' && check.phase === 'egress-denied')) return;
  mark('openAgainUntil', again);
  await deny('egress', 'egressClosedFrom', 'egressClosedUntil', 'openAtLastFrom');
}

/**
 * Ends the tenants' pods, reads what they say, and lets go of their namespaces. Clients first: a server has to hear the last of
 * them.
 */
export async function endTenants(run: Collection): Promise<void> {
  const { plan, target, options } = run;
  if (run.stopped()) return;
  const ended = async (pod: ClientPod | ServerPod, namespace: string, container: string) => {
    if (!run.pods.get(namespace, pod.name)) return;
    let cause: string | undefined;
    try {
      await run.target.endPod(namespace, pod.name);
      await run.until(namespace, pod.name, 'ended', run.pace.end());
    } catch (error) {
      cause = run.trouble(`end of ${pod.name}`, error);
    }
    await run.readContainer(
      {
        pod: pod.name,
        namespace,
        container,
        role: pod.kind,
        cell: pod.cell.id,
        profile: pod.kind === 'server' ? pod.server : 'restricted',
        facts: { nonce: pod.nonce, mark: markOf(pod.nonce) },
      },
      cause,
    );
    run.advance(pod.name);
  };
  await Promise.all(plan.clients.map((client) => ended(client, plan.tenants.client, 'client')));
  await Promise.all(plan.servers.map((server) => ended(server, plan.tenants.server, 'server')));
  // What goes with its cluster is left: a namespace's end is work for that cluster, while the next pods start.
  if (run.stopped() || options.thrownAway) return;
  // A namespace takes its time to go, and meanwhile there is other work. The clean-up asks again, and waits.
  for (const name of tenantNamespaces(plan)) await target.deleteNamespace(name).catch(() => undefined);
}
