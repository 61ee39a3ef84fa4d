import { describe, expect, test } from 'vitest';
import { read } from '../attempt.ts';
import type { OracleInput } from '../outcome.ts';
import { decided } from '../testing/oracle-input.ts';
import { fileSystemOfTheNode, mountsBeyondTheSpecification, mountsPropagate, rootWritable } from './mounts.ts';

type Kernel = 'node' | 'another' | 'unknown';
const input = (value: Record<string, unknown>, answer: Kernel = 'node', facts = {}): OracleInput =>
  ({ observation: { id: 'x', kind: 'mounts', value }, kernel: { answer, why: 'so it is' }, facts }) as OracleInput;
const mount = (point: string, fstype: string, options = 'rw,relatime', root = '/') => ({
  point,
  root,
  fstype,
  source: 'src',
  options,
});
const ofPod = (uid: string) => `/var/lib/kubelet/pods/${uid}`;
const pod = ofPod('cbdd0b46-1540-47cf-8c52-e34701b7f9c5');
const anotherPod = ofPod('bde318df-ec5a-4c24-b1a6-abecd91c8603');
const volumeOf = (directory: string) => `${directory}/volumes/kubernetes.io~empty-dir/cofferdam-r`;
const id = '6af98b9aece2a6178b0d2b2d8c31adf24da51f71cd101e377522826f8ef4f81f';
const anotherId = 'fc0223ebaec029a5dcba390737ea18025f98b21ff755fd58ebc716959475be3d';
const sandboxes = '/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes';
/** What containerd, CRI-O and Docker give a container under cgroup v2. */
const restricted = 'nosuid,nodev,noexec,relatime';
const ordinary = [
  mount('/', 'overlay', 'ro,relatime'),
  mount('/proc', 'proc', `rw,${restricted}`),
  mount('/proc/bus', 'proc', 'ro,nosuid', '/bus'),
  mount('/proc/kcore', 'tmpfs', 'rw,nosuid', '/null'),
  mount('/proc/keys', 'devtmpfs', 'rw,nosuid', '/null'),
  mount('/proc/acpi', 'tmpfs', 'ro,relatime'),
  mount('/sys', 'sysfs', `ro,${restricted}`),
  mount('/sys/firmware', 'tmpfs', 'relatime,ro'),
  mount('/dev', 'tmpfs', 'rw,nosuid'),
  mount('/dev/pts', 'devpts', 'rw,nosuid,noexec,relatime'),
  mount('/dev/shm', 'tmpfs'),
  mount('/dev/mqueue', 'mqueue', `rw,${restricted}`),
  mount('/dev/console', 'devpts', 'rw', '/0'),
  mount('/dev/termination-log', 'ext4', 'rw', `${pod}/containers/c/1`),
  mount('/sys/fs/cgroup', 'cgroup2', `ro,${restricted}`),
  mount('/etc/hosts', 'ext4', 'rw', `${pod}/etc-hosts`),
  mount('/etc/hostname', 'ext4', 'rw', `${sandboxes}/${id}/hostname`),
  mount('/etc/resolv.conf', 'ext4', 'rw', `${sandboxes}/${id}/resolv.conf`),
  mount('/tmp', 'ext4', 'rw', volumeOf(pod)),
];
/** How newer versions of crun mask directories. */
const ofCrun = [mount('/sys/devices/system/cpu/cpu0/thermal_throttle', 'tmpfs', 'ro', '/crun/.empty-directory')];
/** What CRI-O has elsewhere: in memory. */
const ofCrio = [
  mount('/etc/hostname', 'tmpfs', 'rw', `/containers/storage/overlay-containers/${id}/userdata/hostname`),
  mount('/etc/resolv.conf', 'tmpfs', 'rw', `/containers/storage/overlay-containers/${id}/userdata/resolv.conf`),
  mount('/run/.containerenv', 'tmpfs', 'rw', `/containers/storage/overlay-containers/${id}/userdata/.containerenv`),
  mount('/run/secrets', 'tmpfs', 'rw', `/containers/storage/overlay-containers/${anotherId}/userdata/run/secrets`),
];
/** The same of a container in a user namespace, and under cgroup v1. */
const older = [
  mount('/dev/null', 'devtmpfs', 'rw', '/null'),
  mount('/dev/urandom', 'tmpfs', 'rw', '/urandom'),
  mount('/sys/fs/cgroup', 'tmpfs', `ro,${restricted}`),
  mount('/sys/fs/cgroup/memory', 'cgroup', 'ro', '/kubepods/podu/c'),
];

describe('a mount that the cluster’s admission added', () => {
  const kind = (added: string, ...points: string[]) =>
    mountsBeyondTheSpecification().decide(
      input({ mounts: [...ordinary, ...points.map((point) => mount(point, 'ext4'))] }, 'node', {
        'mounts.added': added,
      }),
    ).kind;
  test('is in the specification, and so is what is mounted below it', () => {
    expect(kind('/opt/agent', '/opt/agent')).toBe('absent');
    expect(kind('/opt/agent/', '/opt/agent', '/opt/agent/lib')).toBe('absent');
    expect(kind('/opt/a:/opt/b', '/opt/b', '/opt/a')).toBe('absent');
  });
  test('is no leave for another', () => {
    expect(kind('/opt/agent', '/opt/agents')).toBe('reached');
    expect(kind('/opt/agent', '/opt/agent', '/opt')).toBe('reached');
    expect(kind('', '/opt/agent')).toBe('reached');
    expect(kind(':', '/opt/agent')).toBe('reached');
    expect(kind('/', '/opt/agent')).toBe('reached');
  });
});

describe('mountsBeyondTheSpecification', () => {
  const decide = (...more: unknown[]) =>
    mountsBeyondTheSpecification().decide(input({ mounts: [...ordinary, ...more] }));
  const under = (kernel: Kernel, ...more: unknown[]) =>
    mountsBeyondTheSpecification().decide(input({ mounts: [...ordinary, ...more] }, kernel)).kind;

  test('accepts what every pod has', () => {
    expect(decide().kind).toBe('absent');
    expect(decide(...older).kind).toBe('absent');
    expect(decide(...ofCrio).kind).toBe('absent');
    expect(decide(...ofCrun).kind).toBe('absent');
    expect(under('another')).toBe('absent');
  });
  test.each([
    ['cri-o', 'absent'],
    ['', 'absent'],
    ['containerd', 'reached'],
  ] as const)('has CRI-O’s own under “%s”: %s, in a guest too', (engine, kind) => {
    for (const kernel of ['node', 'another'] as const) {
      const told = { ...input({ mounts: [...ordinary, ...ofCrio] }, kernel), witness: { engine } };
      expect(mountsBeyondTheSpecification().decide(told as OracleInput).kind).toBe(kind);
    }
  });
  test.each([
    ['native', '/var/lib/containerd/io.containerd.snapshotter.v1.native/snapshots/42'],
    ['btrfs', '/var/lib/containerd/io.containerd.snapshotter.v1.btrfs/active/7'],
    ['vfs', `/var/lib/containers/storage/vfs/dir/${id}`],
  ])('has a root that the snapshotter %s keeps in a directory', (_, root) =>
    expect(decide(mount('/', 'ext4', 'rw', root)).kind).toBe('absent'),
  );
  describe("of the pod with the suite's own directory on the node", () => {
    const directory = '/var/lib/cofferdam/0a1b2c3d';
    const token = '/var/run/secrets/kubernetes.io/serviceaccount';
    const judged = (extra: ReturnType<typeof mount>, kernel: Kernel = 'node', profile = 'host-path') => {
      const facts = { canaryDirectory: directory };
      return mountsBeyondTheSpecification().decide({
        ...input({ mounts: [...ordinary, extra] }, kernel, facts),
        profile,
      } as OracleInput).kind;
    };
    test.each([
      ['that', mount(directory, 'ext4', 'rw', directory)],
      ['that, read-only', mount(`${directory}-read-only`, 'ext4', 'ro', directory)],
      [
        'that, of a disk that is mounted elsewhere on the node',
        mount(directory, 'xfs', 'rw', '/lib/cofferdam/0a1b2c3d'),
      ],
      ['its token', mount(token, 'tmpfs', 'ro')],
      ['its token, by the name to which a link leads', mount(token.slice('/var'.length), 'tmpfs', 'ro')],
    ])('%s is its own, and no other pod has it', (_, own) => {
      expect(judged(own)).toBe('absent');
      expect(judged(own, 'node', 'unlimited')).toBe('reached');
    });
    test.each([
      ['the root of the node in its place', mount(directory, 'ext4', 'rw', '/')],
      ['what is above it', mount(directory, 'ext4', 'rw', '/var/lib/cofferdam')],
      ["another run's", mount(directory, 'ext4', 'rw', '/var/lib/cofferdam/ffffffff')],
      ['a directory in the place of its token', mount(token, 'ext4', 'ro', '/etc/kubernetes')],
      ['what is below it', mount(`${directory}/etc`, 'ext4', 'rw', directory)],
      ['something else', mount('/x', 'ext4', 'rw', directory)],
    ])('%s is beyond', (_, other) => expect(judged(other)).toBe('reached'));
    test('is known by its place alone where another kernel mounts it', () => {
      expect(judged(mount(directory, 'virtiofs'), 'another')).toBe('absent');
      expect(judged(mount(token, 'virtiofs'), 'another')).toBe('absent');
      expect(judged(mount('/x', 'virtiofs'), 'another')).toBe('reached');
      expect(judged(mount(directory, 'virtiofs'), 'unknown')).toBe('undecided');
      expect(judged(mount(token, 'virtiofs'), 'unknown')).toBe('undecided');
    });
    test('is not known where no witness made it', () =>
      expect(
        mountsBeyondTheSpecification().decide({
          ...input({ mounts: [...ordinary, mount(directory, 'ext4', 'rw', '/')] }),
          profile: 'host-path',
        }).kind,
      ).toBe('undecided'));
  });
  test('does not tell whose kernel it is that makes something up, where that is unknown', () =>
    expect(under('unknown')).toBe('undecided'));
  test.each([
    ['a directory of the node', mount('/host', 'ext4')],
    ['a socket of the node', mount('/run/containerd/containerd.sock', 'tmpfs')],
    ["a process file system that is not the container's", mount('/host/proc', 'proc')],
    ['a directory of a disk below /dev', mount('/dev/data', 'ext4')],
    ['a directory of a disk below /proc', mount('/proc/1', 'overlay')],
    ['a shared directory of a guest', mount('/opt', 'virtiofs')],
    ['a name that only looks like one of the kernel', mount('/devices', 'tmpfs')],
  ])('finds %s', (_, extra) =>
    expect(decide(extra)).toMatchObject({ kind: 'reached', seen: expect.stringContaining(extra.point) as string }),
  );

  test.each([
    ["the kernel's debugging", mount('/sys/kernel/debug', 'debugfs', 'ro')],
    ['programs of the kernel', mount('/sys/fs/bpf', 'bpf')],
    ["a directory of the node's memory below /dev", mount('/dev/host', 'tmpfs')],
    ["a directory of the node's memory below /proc, writable", mount('/proc/acpi', 'tmpfs', 'rw,relatime')],
    ['a part of /proc that is writable again', mount('/proc/sys', 'proc', 'rw,relatime', '/sys')],
    ["the node's device files", mount('/dev', 'devtmpfs')],
    ['a device that is not a standard one', mount('/dev/kmsg', 'devtmpfs', 'rw', '/kmsg')],
    ['cgroups above its own', mount('/sys/fs/cgroup', 'cgroup2', 'ro', '/../../..')],
    ['cgroups at another place', mount('/sys/fs/cgroups', 'cgroup2', 'ro')],
    ['a directory of the node as its root', mount('/', 'ext4', 'rw', '/var/lib/kubelet')],
    ['a volume that is not the pod’s', mount('/tmp', 'ext4', 'rw', '/tmp')],
    ['a volume of another pod', mount('/tmp', 'ext4', 'rw', volumeOf(anotherPod))],
    ['a file of the node in place of one that every pod has', mount('/etc/hosts', 'ext4', 'rw', '/etc/shadow')],
    ['the names of hosts of another pod', mount('/etc/hosts', 'ext4', 'rw', `${anotherPod}/etc-hosts`)],
    ['a directory of the node for its messages', mount('/dev/termination-log', 'ext4', 'rw', '/etc')],
    ["the node's own secrets in CRI-O's place", mount('/run/secrets', 'ext4', 'rw', '/etc/kubernetes')],
    ['a file of the node in another of its places', mount('/run/.containerenv', 'ext4', 'rw', '/etc/shadow')],
    ['the name of the node', mount('/etc/hostname', 'ext4', 'rw', '/etc/hostname')],
    ['resolvers of another sandbox', mount('/etc/resolv.conf', 'ext4', 'rw', `${sandboxes}/${anotherId}/resolv.conf`)],
    ["a part of the node's memory as shared memory", mount('/dev/shm', 'tmpfs', 'rw', '/containerd')],
    ["a part of the node's memory as a mask", mount('/sys/firmware', 'tmpfs', 'ro,relatime', '/containerd')],
    ["the node's memory among the cgroups", mount('/sys/fs/cgroup/x', 'tmpfs', 'ro')],
    ["the node's processes below its own", mount('/proc/fs', 'proc', 'ro')],
    ['another device under the name of a standard one', mount('/dev/null', 'devtmpfs', 'rw', '/sda')],
  ])('finds %s where the node’s kernel answers; in a guest it is the guest’s', (_, extra) => {
    expect(decide(extra)).toMatchObject({ kind: 'reached', seen: expect.stringContaining(extra.point) as string });
    expect(under('another', extra)).toBe('absent');
  });
  describe('what the kernel makes up is mounted with restrictions', () => {
    const changed = (point: string, options: string) =>
      ordinary.map((one) => (one.point === point ? { ...one, options } : one));
    const seen = (point: string, options: string, kernel: Kernel = 'node') =>
      mountsBeyondTheSpecification().decide(input({ mounts: changed(point, options) }, kernel));
    test.each([
      ['/proc', 'rw,nodev,noexec', 'nosuid'],
      ['/proc', 'rw,relatime', 'nosuid, nodev, noexec'],
      ['/sys', 'ro,nosuid,noexec', 'nodev'],
      ['/sys/fs/cgroup', 'ro,nosuid,nodev', 'noexec'],
      ['/dev', 'rw', 'nosuid'],
      ['/dev/pts', 'rw,noexec', 'nosuid'],
      ['/dev/mqueue', 'rw,nosuidx,nodev,noexec', 'nosuid'],
    ])('%s %s lacks %s; in a guest nobody counts', (point, options, lacking) => {
      expect(seen(point, options)).toEqual({
        kind: 'reached',
        seen: `mounted with fewer restrictions: ${point} without ${lacking}`,
      });
      expect(seen(point, options, 'another').kind).toBe('absent');
      expect(seen(point, options, 'unknown').kind).toBe('undecided');
    });
    test('but the shared memory of a sandbox, of which crun says nothing', () =>
      expect(seen('/dev/shm', 'rw,relatime').kind).toBe('absent'));
    test('by the one on top', () => {
      expect(decide(mount('/proc', 'proc')).kind).toBe('reached');
      const below = [mount('/proc', 'proc'), ...ordinary];
      expect(mountsBeyondTheSpecification().decide(input({ mounts: below })).kind).toBe('absent');
    });
    test('where it is there', () => {
      const without = ordinary.filter(({ point }) => point !== '/dev/mqueue');
      expect(mountsBeyondTheSpecification().decide(input({ mounts: without })).kind).toBe('absent');
    });
  });
  test('needs the witness, which proves the kernel', () =>
    expect(mountsBeyondTheSpecification().needsWitness).toBe(true));
  test('does not tell from a list that was cut off, unless it found something', () => {
    const cut = (mounts: unknown[]) => mountsBeyondTheSpecification().decide(input({ mounts, truncated: true })).kind;
    expect(cut(ordinary)).toBe('undecided');
    expect(cut([...ordinary, mount('/host', 'ext4')])).toBe('reached');
  });
  test('does not tell from an empty list', () =>
    expect(mountsBeyondTheSpecification().decide(input({ mounts: [] })).kind).toBe('undecided'));
});

describe('fileSystemOfTheNode', () => {
  const line = (device: string, point: string, root = '/') =>
    `22 21 ${device} ${root} ${point} rw,relatime - tmpfs tmpfs rw\n`;
  const nodes = ['/dev', '/dev/shm', '/dev/mqueue', '/dev/pts', '/run', '/proc', '/other', '/sys']
    .map((point, index) => line(`0:${index}`, point))
    .join('');
  const oracle = fileSystemOfTheNode();
  const attempt = read('/proc/self/mountinfo', 32_768);
  const truthOf = read('/proc/1/mountinfo', 32_768);
  const decide = (text: unknown, kernel: Kernel = 'node', truth: object = { value: { text: nodes } }) =>
    decided(oracle, { value: { text } }, { attempt, kernel, truth, truthOf });

  test.each([
    ['/dev', '0:0'],
    ['/dev/shm', '0:1'],
    ['/dev/mqueue', '0:2'],
    ['/dev/pts', '0:3'],
    ['/anywhere', '0:4'],
    ['/proc', '0:5'],
    ['/sys', '0:7'],
  ])('%s on device %s is the node’s, under its own kernel alone', (point, device) => {
    const text = line('0:99', '/') + line(device, point);
    expect(decide(text)).toMatchObject({ kind: 'reached', seen: expect.stringContaining(point) as string });
    expect(decide(text, 'another').kind).toBe('contained');
    expect(decide(text, 'unknown').kind).toBe('undecided');
  });
  test('a file system of the container’s own is not', () =>
    expect(decide(line('0:99', '/dev/shm'))).toEqual({
      kind: 'absent',
      seen: "none of 1 file systems is one of the node's",
    }));
  test('nor is one of a disk, which the node has elsewhere: so is every container’s root', () =>
    expect(decide(line('0:6', '/').replace('tmpfs', 'overlay')).kind).toBe('absent'));
  test('one in memory that the node has elsewhere is the node’s', () =>
    expect(decide(line('0:6', '/sys/firmware'))).toEqual({
      kind: 'reached',
      seen: expect.stringContaining('/sys/firmware is what the node has at /other') as string,
    }));

  test.each([
    ["the pod's own volume", pod, 'absent'],
    ["another pod's volume", anotherPod, 'reached'],
  ])('one in memory that the kubelet made as %s is told apart', (_, directory, kind) => {
    const there = line('0:6', `${directory}/volumes/kubernetes.io~projected/token`);
    const own = line('0:6', '/var/run/secrets') + line('8:0', '/etc/hosts', `${pod}/etc-hosts`);
    expect(decide(own, 'node', { value: { text: nodes.replace(line('0:6', '/other'), there) } }).kind).toBe(kind);
  });
  describe('one in memory that the node had elsewhere', () => {
    const text = line('0:6', '/sys/firmware');
    const atTheEnd = (truthAtTheEnd: object | null, device = '0:6', truth: object = { value: { text: nodes } }) =>
      decided(
        oracle,
        { value: { text: text.replace('0:6', device) } },
        { attempt, kernel: 'node', truth, truthOf, truthAtTheEnd },
      );
    test('and has there at the end, too, is the node’s', () =>
      expect(atTheEnd({ value: { text: line('0:6', '/other') } }).kind).toBe('reached'));
    test.each([
      ['gave up', line('0:8', '/other')],
      ['has at another place', line('0:6', '/another')],
      ['has, under the same number, of another kind', line('0:6', '/other').replace('tmpfs', 'overlay')],
    ])('and %s is a later one with the same number', (_, later) =>
      expect(atTheEnd({ value: { text: later } }).kind).toBe('absent'),
    );
    test('is of another kind', () =>
      expect(
        atTheEnd(undefined as unknown as null, '0:6', {
          value: { text: nodes.replace('0:6 / /other rw,relatime - tmpfs', '0:6 / /other rw,relatime - overlay') },
        }).kind,
      ).toBe('absent'));
    test('is unknown where nobody looked at the end, or not at all', () => {
      expect(atTheEnd(null).kind).toBe('undecided');
      expect(atTheEnd({ value: { text: '', truncated: true } }).kind).toBe('undecided');
      expect(atTheEnd(null, '0:99').kind).toBe('absent');
    });
  });

  describe('/dev/shm', () => {
    const containerd = (sandbox: string) => `/run/containerd/io.containerd.grpc.v1.cri/sandboxes/${sandbox}/shm`;
    const crio = (sandbox: string) => `/run/containers/storage/overlay-containers/${sandbox}/userdata/shm`;
    const docker = (sandbox: string) => `/var/lib/docker/containers/${sandbox}/mounts/shm`;
    const own = line('0:6', '/dev/shm') + line('8:0', '/etc/hostname', `${sandboxes}/${id}/hostname`);
    const under = (point: string, text = own) =>
      decide(text, 'node', { value: { text: nodes.replace(' /other ', ` ${point} `) } });

    test.each([containerd(id), crio(id), docker(id)])('may be on the node at %s', (point) =>
      expect(under(point).kind).toBe('absent'),
    );
    test.each([
      containerd(anotherId),
      crio(anotherId),
      docker(anotherId),
      `${pod}/volumes/kubernetes.io~secret/keys`,
      '/run/user/0',
      `/run/${id}`,
    ])('may not at %s', (point) =>
      expect(under(point)).toMatchObject({ kind: 'reached', seen: expect.stringContaining(point) as string }),
    );
    test('may be a sandbox’s where it cannot be told which one is its own', () => {
      expect(under(containerd(anotherId), line('0:6', '/dev/shm')).kind).toBe('absent');
      expect(under('/run/user/0', line('0:6', '/dev/shm')).kind).toBe('reached');
    });
  });
  test('a single file of the node’s /dev is not the whole: so it is in a user namespace', () =>
    expect(decide(line('0:99', '/') + line('0:0', '/dev/null', '/null')).kind).toBe('absent'));
  test('cannot be told without either list', () => {
    expect(decide('').kind).toBe('undecided');
    expect(decide(7).kind).toBe('undecided');
    expect(decide(line('0:0', '/dev'), 'node', { errno: 'EACCES' }).kind).toBe('undecided');
    expect(decide(line('0:0', '/dev'), 'node', { value: { text: line('0:0', '/home') } }).kind).toBe('undecided');
  });
  test('a list that was cut may lack what is looked for; what it has counts', () => {
    const cut = (text: string) =>
      decided(
        oracle,
        { value: { text, truncated: true } },
        { attempt, kernel: 'node', truth: { value: { text: nodes } }, truthOf },
      );
    expect(cut(line('0:99', '/dev/shm')).kind).toBe('undecided');
    expect(cut(line('0:1', '/dev/shm')).kind).toBe('reached');
  });
  test('so does the node’s, unless all that matters is in it', () => {
    const truth = (text: string) => ({ value: { text, truncated: true } });
    expect(decide(line('0:99', '/dev/shm'), 'node', truth(nodes)).kind).toBe('absent');
    const lacking = nodes.replace('/dev/mqueue', '/else');
    expect(decide(line('0:99', '/dev/shm'), 'node', truth(lacking)).kind).toBe('undecided');
    // Some nodes lack some of it: what their pods have comes after all that they have.
    for (const point of [`${pod}/volumes/kubernetes.io~empty-dir/tmp`, `/run/engine/sandboxes/${id}/shm`])
      expect(decide(line('0:99', '/dev/shm'), 'node', truth(lacking + line('0:50', point))).kind).toBe('absent');
    expect(decide(line('0:99', '/dev/shm'), 'node', truth(lacking + line('0:50', '/run/lock'))).kind).toBe('undecided');
  });
  test('takes a failure as what it is, and the witness’s look', () => {
    expect(decided(oracle, { errno: 'EACCES' }, { attempt }).kind).toBe('denied');
    expect(oracle.needsWitness).toBe(true);
    expect(oracle.truths(attempt)).toEqual([{ ...truthOf, again: 1 }]);
  });
});

describe('rootWritable', () => {
  const decide = (...mounts: unknown[]) => rootWritable().decide(input({ mounts })).kind;

  test('looks at the mount on top', () => {
    expect(decide(mount('/', 'overlay', 'ro'))).toBe('denied');
    expect(decide(mount('/', 'overlay', 'rw'), mount('/', 'overlay', 'ro,nosuid'))).toBe('denied');
    expect(decide(mount('/', 'overlay', 'ro'), mount('/', 'overlay', 'rw'))).toBe('reached');
  });
  test('takes no word that only begins so', () =>
    expect(decide(mount('/', 'overlay', 'rw,rootcontext=x'))).toBe('reached'));
  test('does not tell from a list that was cut: another may lie on top', () =>
    expect(rootWritable().decide(input({ mounts: [mount('/', 'overlay', 'ro')], truncated: true })).kind).toBe(
      'undecided',
    ));
  test('does not tell without a root', () => expect(decide(mount('/proc', 'proc', 'ro'))).toBe('undecided'));
});

describe('mountsPropagate', () => {
  const line = (fields: string) => `22 21 0:20 / /here rw,relatime ${fields}- ext4 /dev/vda rw,shared:9 \n`;
  const decide = (text: string, answer?: 'node' | 'another') => mountsPropagate().decide(input({ text }, answer)).kind;

  test.each([
    ['private', '', 'absent'],
    ['a slave', 'master:3 ', 'absent'],
    ['shared', 'shared:3 ', 'reached'],
    ['shared and a slave', 'master:1 shared:3 ', 'reached'],
  ])('%s', (_, fields, kind) => expect(decide(line(fields))).toBe(kind));
  test("a guest's mounts are its own", () => expect(decide(line('shared:3 '), 'another')).toBe('contained'));
  describe('the volume of the pod', () => {
    const volume = (fields: string) => line(fields).replace('/here', '/tmp');
    test('is not to get what is mounted on the node', () => {
      expect(decide(volume('master:3 '))).toBe('reached');
      expect(decide(volume('master:3 propagate_from:2 '))).toBe('reached');
      expect(decide(volume(''))).toBe('absent');
      expect(decide(volume('unbindable '))).toBe('absent');
    });
    test('is told from a longer name', () =>
      expect(decide(line('master:3 ').replace('/here', '/tmp/below'))).toBe('absent'));
    test.each(['', '-read-only'])('is also the directory of the node (%s)', (suffix) => {
      const directory = '/var/lib/cofferdam/0a1b2c3d';
      const text = line('master:3 ').replace('/here', `${directory}${suffix}`);
      const decideWith = (facts: object) => mountsPropagate().decide(input({ text }, 'node', facts)).kind;
      expect(decideWith({ canaryDirectory: directory })).toBe('reached');
      expect(decideWith({ canaryDirectory: '/var/lib/cofferdam/ffffffff' })).toBe('absent');
      expect(decideWith({})).toBe('absent');
    });
    test("in a guest gets what is the guest's", () => expect(decide(volume('master:3 '), 'another')).toBe('contained'));
  });
  test('does not tell from nothing, nor from a list that was cut', () => {
    expect(decide('')).toBe('undecided');
    const cut = (fields: string) =>
      mountsPropagate().decide(input({ text: line(fields), truncated: true }, 'node')).kind;
    expect(cut('')).toBe('undecided');
    expect(cut('shared:3 ')).toBe('reached');
  });
});
