import { isMadeByTheProbe } from '../attempt.ts';
import type { Oracle, Outcome } from '../outcome.ts';
import { isCut, withoutValue } from '../outcome.ts';
import { comparedWithTheNode, differs, onWhichKernel } from './kernel.ts';

interface DeviceFile {
  path: string;
  type: string;
  /** Null where asking for the numbers would have opened the device on the node, as gVisor's file server does. */
  major: number | null;
  minor: number | null;
}

/**
 * What every container has, by its numbers (OCI runtime specification, "Default Devices";
 * Documentation/admin-guide/devices.txt): null, zero, full, random, urandom, tty, ptmx, and terminals. A name says nothing:
 * any number can have it.
 */
const standardDevices = new Set(['1:3', '1:5', '1:7', '1:8', '1:9', '5:0', '5:2']);
/** Slaves of pseudo-terminals. */
const terminals = { first: 136, last: 143 };

const numbersOf = (major: number | null, minor: number | null): string =>
  major === null || minor === null ? 'of unknown numbers' : `${major}:${minor}`;

/** Virtual and serial terminals (Documentation/admin-guide/devices.txt). */
const consoles = 4;

/** A runtime may give a container with a terminal the node's numbers of a console, which is that terminal. */
const isConsole = ({ path, major, minor }: DeviceFile): boolean =>
  path === '/dev/console' && (major === consoles || numbersOf(major, minor) === '5:1');

const isStandard = (device: DeviceFile): boolean => {
  const { type, major, minor } = device;
  if (type !== 'char') return false;
  if (standardDevices.has(numbersOf(major, minor)) || isConsole(device)) return true;
  return major !== null && major >= terminals.first && major <= terminals.last;
};

/** A file of the container is a device beyond the standard ones, and the node's own kernel has the driver. */
export const devicesBeyondTheStandard = (only?: 'block'): Oracle => ({
  crossedWhen: `${only ? 'a block device' : "a device beyond every container's standard ones"} is in the file system, and the node's own kernel answered`,
  needsWitness: true,
  truths: () => [],
  decide(input) {
    const failed = withoutValue(input.observation);
    if (failed) return failed;
    const { value = {} } = input.observation;
    // What another container of the pod makes for a moment may be in a volume that both have.
    const all = ((value['devices'] as DeviceFile[] | undefined) ?? []).filter(({ path }) => !isMadeByTheProbe(path));
    const extra = all.filter((device) => (only ? device.type === 'block' : !isStandard(device)));
    if (extra.length) {
      const names = extra
        .slice(0, 6)
        .map(({ path, type, major, minor }) => `${path} (${type} ${numbersOf(major, minor)})`);
      return onWhichKernel(
        input,
        `${extra.length} ${only ? 'block ' : ''}devices: ${names.join(', ')}${extra.length > 6 ? ', …' : ''}`,
      );
    }
    if (value['truncated'] !== false) return { kind: 'undecided', why: 'there are more files than could be looked at' };
    return { kind: 'absent', seen: only ? 'no block device anywhere' : `${all.length} devices, all of them standard` };
  },
});

/** One that was not listed may be the node's, and so may one of the node's. */
const tooManyDisks: Outcome = { kind: 'undecided', why: 'there are more disks than could be looked at' };

interface Volume {
  name: string;
  hardware: boolean;
  ids: string[];
}

/**
 * A disk or partition that can be opened holds what one of the node's holds, whichever kernel opens it: a virtual machine
 * may have been given the node's disk. What the node's kernel makes of files and of other disks does not count: the
 * container's own root may be such a volume (containerd's devmapper and blockfile snapshotters, which Firecracker needs).
 */
export const nodeVolumesReadable = (): Oracle =>
  comparedWithTheNode(
    "a disk or partition that opens has the id of one of the node's, of what is on it",
    (mine, nodes, input) => {
      const volumes = (value: Record<string, unknown>) => (value['volumes'] as Volume[] | undefined) ?? [];
      const ofNode = new Map(
        volumes(nodes)
          .filter((volume) => volume.hardware)
          .flatMap((volume) => volume.ids.map((id) => [id, volume.name] as const)),
      );
      for (const { name, ids } of volumes(mine)) {
        const id = ids.find((one) => ofNode.has(one));
        if (id)
          return { kind: 'reached', seen: `its ${name} is the node's ${String(ofNode.get(id))}: both hold ${id}` };
      }
      if (ofNode.size === 0) return { kind: 'undecided', why: "the node's own disks hold nothing with a known id" };
      if (isCut(mine) || isCut(nodes)) return tooManyDisks;
      if (volumes(mine).length === 0) return { kind: 'absent', seen: 'no disk is there' };
      return differs(input, `${volumes(mine).length} disks and partitions, none of them the node's`);
    },
  );

interface Disk {
  name: string;
  sectors: number;
  serial?: string;
  wwid?: string;
}

const diskIdentity = (disk: Disk): string => [disk.name, disk.sectors, disk.serial ?? '', disk.wwid ?? ''].join(' ');

/** A disk with the name, size and serial of one of the node's is visible. */
export const nodeDisksVisible = (): Oracle =>
  comparedWithTheNode(
    "a disk of the node, by name, size and serial, is visible, and the node's own kernel answered",
    (mine, nodes, input) => {
      const disks = (value: Record<string, unknown>) => (value['disks'] as Disk[] | undefined) ?? [];
      const ofNode = new Set(disks(nodes).map(diskIdentity));
      if (ofNode.size === 0) return { kind: 'undecided', why: 'the node itself lists no disks' };
      const shared = disks(mine).filter((disk) => ofNode.has(diskIdentity(disk)));
      if (shared.length === 0 && (isCut(mine) || isCut(nodes))) return tooManyDisks;
      if (disks(mine).length === 0) return { kind: 'absent', seen: 'no disk is listed' };
      return shared.length
        ? onWhichKernel(input, `the node's ${shared.map((disk) => disk.name).join(', ')} can be identified`)
        : differs(input, `${disks(mine).length} disks, none of them the node's`);
    },
  );
