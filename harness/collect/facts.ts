import { createHash } from 'node:crypto';
import type { Facts, Observation } from '../attempt.ts';
import { isCut } from '../outcome.ts';
import type { Plan, WitnessPod } from '../plan/planned.ts';

interface Disk {
  name: string;
  major: number;
  minor: number;
}

/** Disks that have something behind them: not loop devices, RAM disks or optical drives. */
const realDisk = /^(sd|vd|nvme|xvd|hd|mmcblk|dm-|md)/;

/** What `{name}` in the attempts of a node stands for, from what its witness told. What it did not tell is missing. */
export function factsFromWitness(
  observations: readonly Observation[],
  witness: WitnessPod,
  plan: Plan,
  nodeAddress: string | undefined,
): Facts {
  const value = (id: string) => observations.find((one) => one.id === id)?.value;
  const file = value('canary.file');
  const loopback = value('canary.loopback');
  const disk = ((value('truth.disks')?.['disks'] as Disk[] | undefined) ?? []).find((one) => realDisk.test(one.name));
  // An IPv6 address stands in brackets in every URL.
  const address = nodeAddress?.includes(':') ? `[${nodeAddress}]` : nodeAddress;
  const sockets = value('truth.listening');
  // A gateway that is no address of the node's own is not tried: what is sent there leaves the node.
  const router = loopback && ((loopback['gateway'] as string | undefined) ?? address);
  const digests = Object.entries(witness.canaries).map(([name, token]) => [
    `digest.${name}`,
    createHash('sha256').update(token).digest('hex'),
  ]);
  return {
    // The witness makes it, and says so only when it could not.
    ...(value('planted') &&
      !observations.some((one) => one.id === 'directory') && { canaryDirectory: plan.canaryDirectory }),
    'shared-memory.key': witness.sharedMemoryKey,
    'key.description': witness.keyDescription,
    ...(Object.fromEntries(digests) as Facts),
    ...(address !== undefined && { nodeAddress: address }),
    ...(file && { 'file.handleType': Number(file['handleType']), 'file.handle': String(file['handle']) }),
    ...(loopback && { 'loopback.port': Number(loopback['port']), 'loopback.udpPort': Number(loopback['udpPort']) }),
    ...(router !== undefined && { gateway: router }),
    ...(loopback &&
      sockets &&
      !isCut(sockets) && { services: servicesAt(sockets, Number(loopback['port']), address, loopback['gateway']) }),
    ...(disk && { 'disk.major': disk.major, 'disk.minor': disk.minor }),
  };
}

/**
 * Ports that node-services-demand-credentials asks by name, whether anything is known to listen there or not: the
 * kubelet's, Docker's, etcd's and the API server's. To ask there again would tell no more, and cost a handshake each.
 */
export const portsAskedByName: readonly number[] = [2375, 2379, 6443, 10250, 10255];

/**
 * Where pods can ask whatever else listens on the node, as `ADDRESS:PORT,…`: at the address by which the cluster knows it,
 * and at that of the pods' gateway where a socket listens there alone. Other addresses of the node may be reached by way of
 * other machines. The witness's own socket on the loopback is the last: only who is on the node gets an answer of it.
 */
function servicesAt(
  { sockets }: Record<string, unknown>,
  loopbackPort: number,
  nodeAddress: string | undefined,
  gateway: unknown,
): string {
  const at = (sockets as string[]).flatMap((socket) => {
    const [, host = '', port = ''] = /^\[?([^\]]*)\]?:(\d+)$/.exec(socket) ?? [];
    const isEverywhere = host === '0.0.0.0' || host === '::';
    if (portsAskedByName.includes(Number(port))) return [];
    if (nodeAddress !== undefined && (isEverywhere || nodeAddress === host || nodeAddress === `[${host}]`))
      return [`${nodeAddress}:${port}`];
    return host === gateway ? [socket] : [];
  });
  return [...new Set(at), `127.0.0.1:${loopbackPort}`].join(',');
}
