import { describe, expect, test } from 'vitest';
import type { Cell } from '../evidence.ts';
import { holding } from './holding.ts';
import { cellOf, evidenceOf, gvisor, nodeBoot, runc, subject, witness } from '../testing/evidence.ts';
import type { WitnessTells } from '../testing/evidence.ts';
import { nodeView } from './witness.ts';

type Process = NonNullable<WitnessTells['processes']>[number];

const monitor = (rest: Partial<Process> = {}): Process => ({
  pid: 20,
  podUid: 'uid-runsc',
  comm: 'x',
  exe: '/usr/bin/qemu-system-x86_64',
  argv: 'qemu-system-x86_64 -machine q35',
  namespaces: { user: '1' },
  holds: [],
  ...rest,
});
const kernel = monitor({ exe: '', argv: 'runsc-sandbox boot' });
const server = monitor({ pid: 21, exe: '/usr/libexec/virtiofsd', argv: '/usr/libexec/virtiofsd --fd=3' });

function judged(
  processes: Process[],
  {
    cell = gvisor,
    bootId = 'own',
    ownHolds = ['/'] as string[] | null,
    ownMounted = undefined as string[] | undefined,
    hostPaths = '',
    canaryDirectory = '',
  } = {},
) {
  const evidence = evidenceOf(
    [
      witness({ processes, ...(ownHolds && { ownHolds }), ...(ownMounted && { ownMounted }) }),
      ...(cell.id === runc.id ? [] : [subject(runc, nodeBoot)]),
      subject(cell, bootId, {
        facts: {
          nonce: cell.handler,
          ...(hostPaths && { 'volumes.hostPaths': hostPaths }),
          ...(canaryDirectory && { canaryDirectory }),
        },
      }),
    ],
    { cells: [runc, cell] },
  );
  return holding(cell, nodeView(evidence, 'n'), evidence);
}

describe('what is open behind a pod', () => {
  const guest: Cell = cellOf('runsc', 'guest-kernel');
  test('is nothing of the node', () => {
    expect(judged([monitor(), server], { cell: guest })).toMatchObject({
      subject: {
        kind: 'absent',
        seen: "process 20 (qemu-system-x86_64), process 21 (virtiofsd): no disk, directory or file of the node is open that is not the pod's",
      },
      control: { kind: 'reached' },
      witness: 'complete',
    });
    expect(judged([kernel]).subject.kind).toBe('absent');
    // A monitor that nobody knows by name shows itself by its machine.
    expect(judged([monitor({ exe: '/opt/vmm', argv: 'vmm', machine: true })], { cell: guest }).subject.kind).toBe(
      'absent',
    );
  });
  test.each([
    [
      'a disk behind a machine',
      [monitor({ holds: ['/dev/vda'] }), server],
      'process 20 (qemu-system-x86_64) holds /dev/vda',
    ],
    [
      'a directory behind a file server',
      [monitor(), { ...server, holds: ['/', '/etc'] }],
      'process 21 (virtiofsd) holds /, /etc',
    ],
    [
      'a file behind a machine',
      [monitor({ holds: ['/etc/shadow'] }), server],
      'process 20 (qemu-system-x86_64) holds /etc/shadow',
    ],
    ['a directory behind a kernel', [{ ...kernel, holds: ['/run'] }], 'process 20 (runsc-sandbox) holds /run'],
    [
      'a directory behind its file server',
      [kernel, monitor({ pid: 22, exe: '', argv: 'runsc-gofer', holds: ['/dev'] })],
      'holds /dev',
    ],
  ])('is %s', (_, processes, seen) =>
    expect(judged(processes, { cell: guest }).subject).toMatchObject({
      kind: 'reached',
      seen: expect.stringContaining(`${seen} of the node`) as string,
    }),
  );
  test('is what was seen last: a server opens the root of the node to leave it', () => {
    expect(judged([{ ...server, holds: ['/'] }, server, monitor()]).subject.kind).toBe('absent');
    expect(judged([server, { ...server, holds: ['/'] }, monitor()]).subject.kind).toBe('reached');
  });
  test('is all that was seen since a server put itself under a filter: what it serves a container, it lets go of', () => {
    const filtered = { ...server, filtered: true };
    const serving = { ...filtered, holds: ['/dev'] };
    const outcome = (...reports: Process[]) => judged([...reports, monitor()]).subject;
    expect(outcome({ ...server, holds: ['/'] }, filtered).kind).toBe('absent');
    expect(outcome(filtered, serving, filtered)).toMatchObject({
      kind: 'reached',
      seen: 'process 21 (virtiofsd) holds /dev of the node',
    });
    expect(outcome(serving, { ...filtered, holds: ['/run', '/dev'] })).toMatchObject({
      seen: expect.stringContaining('holds /dev, /run of') as string,
    });
    // Of another process, or another's.
    expect(outcome({ ...serving, pid: 22, podUid: 'uid-other' }, filtered).kind).toBe('absent');
    expect(outcome({ ...server, holds: ['/dev'] }, server).kind).toBe('absent');
  });
  const volume = '/var/lib/kubelet/pods/uid-runsc/volumes/kubernetes.io~empty-dir/t';
  const id = '0123456789abcdef'.repeat(4);
  test.each([
    ['a volume of its own', volume, 'absent'],
    ["a volume of another pod's", volume.replace('uid-runsc', 'uid-other'), 'reached'],
    ['a directory of the node', '/var/tmp/shared', 'reached'],
    ['one of which the name begins like its own', '/var/lib/kubelet/pods/uid-runsc-2/volumes/x', 'reached'],
    ['what the engine has of it', `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/rootfs`, 'absent'],
    ['an image of the engine', '/var/lib/containerd/io.containerd.snapshotter.v1.native/snapshots/12', 'absent'],
    ['one of its snapshots on btrfs', '/var/lib/containerd/io.containerd.snapshotter.v1.btrfs/active/12', 'absent'],
    ['a name that is none of the engine', `/srv/${id}0`, 'reached'],
    ['what it asked for', '/srv/asked', 'absent'],
    ['what is below', '/srv/asked/below', 'absent'],
    ['what begins alike', '/srv/asked-not', 'reached'],
    ['what it asked for by the name of a link', '/run/agent', 'absent'],
  ])('of what is mounted, %s is told apart', (_, path, kind) => {
    const gofer = monitor({ pid: 22, exe: '', argv: 'runsc-gofer', filtered: true, mounted: [volume, path] });
    const outcome = judged([kernel, gofer], { hostPaths: '/srv/asked/\n/var/run/agent' }).subject;
    expect(outcome.kind).toBe(kind);
    if (kind === 'reached')
      expect(outcome).toMatchObject({ seen: `process 22 (runsc-gofer) holds ${path} (mounted) of the node` });
    // Before its filter is in force, a server has mounts that it leaves.
    expect(judged([kernel, { ...gofer, filtered: false }, { ...gofer, mounted: [volume] }]).subject.kind).toBe(
      'absent',
    );
  });
  test.each([
    ['/opt', 'absent'],
    ['/run/agent', 'absent'],
    ['/opt (mounted below what it shares)', 'absent'],
    ['/opt (by its arguments)', 'reached'],
    ['/opt/below', 'reached'],
    ['/', 'reached'],
  ])('of what stands open, %s is told apart from the directories that it asked for', (place, kind) => {
    const outcome = judged([server, monitor({ holds: [place] })], { hostPaths: '/opt/\n/var/run/agent' }).subject;
    expect(outcome.kind).toBe(kind);
    expect(judged([server, monitor({ holds: [place] })]).subject.kind).toBe('reached');
  });
  test("the suite's own directory is known by the run's name, where it was asked for", () => {
    const gofer = monitor({ pid: 22, exe: '', argv: 'runsc-gofer', filtered: true, mounted: ['/data/cofferdam/r1'] });
    const canaryDirectory = '/var/lib/cofferdam/r1';
    expect(judged([kernel, gofer], { canaryDirectory, hostPaths: canaryDirectory }).subject.kind).toBe('absent');
    expect(judged([kernel, gofer], { canaryDirectory }).subject.kind).toBe('reached');
    expect(judged([kernel, gofer], { hostPaths: canaryDirectory }).subject.kind).toBe('reached');
    expect(judged([kernel, gofer], { canaryDirectory: '/x/other/r1', hostPaths: '/x/other/r1' }).subject.kind).toBe(
      'reached',
    );
  });
  test('what is mounted is nothing that it asked for where it asked for nothing', () => {
    const gofer = monitor({ pid: 22, exe: '', argv: 'runsc-gofer', filtered: true, mounted: ['/srv/asked'] });
    expect(judged([kernel, gofer]).subject.kind).toBe('reached');
  });
  test.each([
    ['was not looked at, in older evidence', [{ ...monitor(), holds: undefined } as unknown as Process]],
    ['could not be read', [monitor({ namespaces: {} })]],
    ['is a file server alone', [server]],
    ["is another pod's", [monitor({ podUid: 'uid-other' })]],
    ['is no known sandbox', [monitor({ exe: '/bin/x', argv: 'x' })]],
  ])('is unknown when it %s', (_, processes) => expect(judged(processes).subject.kind).toBe('undecided'));
  test("is the pod itself under the node's kernel", () =>
    expect(judged([], { cell: runc, bootId: nodeBoot }).subject.kind).toBe('absent'));
});

test.each([[[]], [['/var/lib/kubelet/pods']]])('the control is none where the witness found %j mounted', (ownMounted) =>
  expect(judged([kernel], { ownMounted }).control?.kind).toBe('not-attempted'),
);

test.each([[null], [[]], [['/etc']]])('the control is none where the witness found %j of its own', (ownHolds) =>
  expect(judged([kernel], { ownHolds }).control?.kind).toBe('not-attempted'),
);
