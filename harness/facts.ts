import { createHash } from 'node:crypto';
import type { Facts, Observation } from './attempt.ts';
import type { Plan, WitnessPod } from './plan.ts';

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
    ...(disk && { 'disk.major': disk.major, 'disk.minor': disk.minor }),
  };
}
