import { list } from '../attempt.ts';
import type { Oracle } from '../outcome.ts';
import { withoutValue } from '../outcome.ts';
import { comparedWithTheNode, differs, onWhichKernel } from './kernel.ts';

interface Entry {
  name: string;
  type: string;
  major?: number;
  minor?: number;
}

const entriesOf = (value: Record<string, unknown> | undefined): Entry[] =>
  (value?.['entries'] as Entry[] | undefined) ?? [];
const numbers = (entry: Entry): string => `${entry.type} ${entry.major ?? '?'}:${entry.minor ?? '?'}`;

/** What every container has, by the OCI runtime specification ("Default Devices") and Kubernetes. */
const standardDevices = new Set(
  'null zero full random urandom tty console ptmx pts shm mqueue fd stdin stdout stderr core termination-log'.split(
    ' ',
  ),
);

/** The node's /dev as pid 1 sees it; the witness's own is a copy made by its runtime. */
const nodeDev = list('/proc/1/root/dev');

/** /dev has device nodes beyond the standard ones, with numbers of the node's devices. */
export const nodeDevicesListed = (only?: 'block'): Oracle => ({
  crossedWhen: `/dev has ${only ? 'a block device' : "devices beyond every container's standard ones"}, which the node's /dev has too`,
  needsWitness: true,
  truths: () => [nodeDev],
  decide(input) {
    const failed = withoutValue(input.observation);
    if (failed) return failed;
    const ofNode = new Set(entriesOf(input.witness?.truth(nodeDev)?.value).map(numbers));
    if (ofNode.size === 0) return { kind: 'undecided', why: "the witness could not list the node's /dev" };
    const extra = entriesOf(input.observation.value).filter(
      (entry) => entry.type === 'block' || (!only && entry.type === 'char' && !standardDevices.has(entry.name)),
    );
    if (extra.length === 0)
      return { kind: 'absent', seen: only ? 'no block device in /dev' : 'only standard devices in /dev' };
    const shared = extra.filter((entry) => ofNode.has(numbers(entry)));
    const names = (shared.length ? shared : extra).slice(0, 6).map((entry) => entry.name);
    return shared.length
      ? onWhichKernel(
          input,
          `${shared.length} devices with the node's numbers (${names.join(', ')}${shared.length > 6 ? ', …' : ''})`,
        )
      : differs(input, `${extra.length} devices that the node does not have (${names.join(', ')})`);
  },
});

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
      if (disks(mine).length === 0) return { kind: 'absent', seen: 'no disk is listed' };
      return shared.length
        ? onWhichKernel(input, `the node's ${shared.map((disk) => disk.name).join(', ')} can be identified`)
        : differs(input, `${disks(mine).length} disks, none of them the node's`);
    },
  );
