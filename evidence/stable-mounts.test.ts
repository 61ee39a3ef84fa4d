import { describe, expect, it } from 'vitest';
import { mountsIn, stableMounts } from './stable-mounts.ts';

const table = (...lines: string[]): string[] => stableMounts(mountsIn(`${lines.join('\n')}\n`));

describe('a mount table', () => {
  it('is the same in two runs of the same thing: real lines of two runs on one cluster', () => {
    const snapshots = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots';
    const overlay = (layer: number) =>
      `rw,lowerdir=${snapshots}/9/fs,upperdir=${snapshots}/${layer}/fs,workdir=${snapshots}/${layer}/work`;
    const kubelets = (container: string) =>
      `/var/lib/kubelet/pods/0155187d-fb61-49fd-a93d-6e921929103e/containers/default-root/${container}`;
    const first = table(
      `342 273 0:78 / / rw,relatime - overlay overlay ${overlay(43)}`,
      `360 342 254:0 ${kubelets('3c8bd56c')} /dev/termination-log rw,relatime - ext4 /dev/vda rw`,
    );
    const second = table(
      `371 342 254:0 ${kubelets('07e19916')} /dev/termination-log rw,relatime - ext4 /dev/vda rw`,
      `359 277 0:89 / / rw,relatime - overlay overlay ${overlay(28)}`,
    );
    expect(second).toEqual(first);
    expect(first).toHaveLength(2);
  });

  it('of a node is without the mounts of the pods that live on it at the moment', () => {
    const id = 'fa62dc2d51209fe87725080baa970da991f45fc962173505a2d3685cc0090c13';
    expect(
      table(
        '29 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw',
        '47 28 0:4 net:[4026532222] /run/netns/cni-1ce64cbf-b414-c3a9-3b92-d7134d632b9c rw shared:90 - nsfs nsfs rw',
        `50 28 0:40 / /run/containerd/io.containerd.grpc.v1.cri/sandboxes/${id}/shm rw shared:93 - tmpfs shm rw`,
      ),
    ).toEqual(['/: ext4 of /dev/vda; from /; rw,relatime; file system rw; shared']);
  });

  it.each([
    ['another option', '1 0 0:1 / /proc ro - proc proc rw'],
    ['a file system that is read-only', '1 0 0:1 / /proc rw - proc proc ro'],
    ['another root', '1 0 0:1 /sys /proc rw - proc proc rw'],
    ['another type', '1 0 0:1 / /proc rw - tmpfs proc rw'],
    ['another source', '1 0 0:1 / /proc rw - proc other rw'],
    ['propagation', '1 0 0:1 / /proc rw shared:7 - proc proc rw'],
    ['another kind of propagation', '1 0 0:1 / /proc rw master:7 - proc proc rw'],
  ])('is another with %s', (_, line) => {
    expect(table(line)).not.toEqual(table('1 0 0:1 / /proc rw - proc proc rw'));
  });

  it('is without a line that was cut, and without what is no line', () => {
    expect(table('1 0 0:1 / /proc rw - proc', '1 0 0:1 / /sys', 'nonsense', '')).toEqual([]);
  });
});
