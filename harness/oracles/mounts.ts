import { readOnlyTwinOf, tokenDirectory } from '../attempt.ts';
import type { Attempt } from '../attempt.ts';
import type { Oracle, OracleInput, Outcome } from '../outcome.ts';
import { isCut, withoutValue } from '../outcome.ts';
import { onWhichKernel } from './kernel.ts';
import { isCanaryDirectory, parseMountinfo, snapshotOfContainerd } from './mountinfo.ts';
import type { MountinfoLine } from './mountinfo.ts';

interface Mount {
  point: string;
  /** What of the file system is mounted. */
  root: string;
  fstype: string;
  source: string;
  options: string;
}

const mountsOf = ({ value }: OracleInput['observation']): Mount[] => (value?.['mounts'] as Mount[] | undefined) ?? [];

/** The first of many names, for a sentence. */
const named = (names: readonly string[]): string => `${names.slice(0, 4).join(', ')}${names.length > 4 ? ', …' : ''}`;

/** Where a pod has mounts whether it asks for them or not: its root, what Kubernetes puts there, and our own volume. */
const everyPodsMounts = new Set([
  '/',
  '/etc/hosts',
  '/etc/hostname',
  '/etc/resolv.conf',
  '/dev/termination-log',
  '/tmp',
]);

/** What CRI-O puts into every pod besides, and no other engine. */
const everyPodsMountsOfCrio = new Set(['/run/.containerenv', '/run/secrets']);

/** At and below these, only file systems that a kernel makes up: masks, devices, cgroups. A directory of a disk is none. */
const kernelsOwn = /^\/(proc|sys|dev)(\/|$)/;
const madeUp = new Set(
  // gVisor calls its /dev "dev".
  'proc sysfs tmpfs devtmpfs dev devpts mqueue cgroup cgroup2 securityfs debugfs tracefs bpf efivarfs selinuxfs pstore none'.split(
    ' ',
  ),
);

const isEveryPods = ({ point, fstype }: Mount, engine: string): boolean =>
  everyPodsMounts.has(point) ||
  // An engine that is not known may be CRI-O.
  (everyPodsMountsOfCrio.has(point) && (engine === 'cri-o' || engine === '')) ||
  (kernelsOwn.test(point) && madeUp.has(fstype));

/**
 * Of what a kernel makes up, the places at which every container has it, by the file systems that are there, each mounted
 * whole.
 */
const placesOfTheKernels: readonly [RegExp, readonly string[]][] = [
  [/^\/proc$/, ['proc']],
  [/^\/sys$/, ['sysfs']],
  [/^\/sys\/fs\/cgroup$/, ['tmpfs']],
  [/^\/dev$/, ['tmpfs']],
  [/^\/dev\/shm$/, ['tmpfs']],
  [/^\/dev\/pts$/, ['devpts']],
  [/^\/dev\/mqueue$/, ['mqueue']],
];

/** A part of a file system that every container has, by what of it is mounted where. */
const partsOfTheKernels = ({ point, root, fstype }: Mount): boolean => {
  // Version 1 has a directory for each controller. Which part is mounted depends on the container's cgroup namespace.
  if (fstype === 'cgroup' || fstype === 'cgroup2') return /^\/sys\/fs\/cgroup(\/[^/]+)?$/.test(point);
  if (point === '/dev/console') return fstype === 'devpts';
  // In a user namespace, where no device file can be made, each is mounted from the node.
  return (
    /^\/dev\/(null|zero|full|random|urandom|tty)$/.test(point) &&
    (fstype === 'tmpfs' || fstype === 'devtmpfs') &&
    root === point.slice('/dev'.length)
  );
};

/** What crun masks directories with since its pull request 1859: one that is empty, in its own directory below /run. */
const emptyDirectoryOfCrun = '/.empty-directory';

/** A path of /proc or /sys that is masked, by an empty read-only tmpfs or by /dev/null, or made read-only. */
const isProtected = ({ point, root, fstype, options }: Mount): boolean => {
  if (!/^\/(proc|sys)\//.test(point)) return false;
  if (root === '/null') return true;
  if (point.startsWith('/sys/fs/cgroup/') || !options.split(',').includes('ro')) return false;
  return (
    (fstype === 'tmpfs' && (root === '/' || root.endsWith(emptyDirectoryOfCrun))) ||
    (fstype === 'proc' && root === point.slice('/proc'.length))
  );
};

/**
 * What the kubelet and the container engine keep for every pod, and mount into its containers from a directory that has the
 * pod's UID, or the id of its sandbox, in its name.
 */
const filesOfThePod: ReadonlyMap<string, RegExp> = new Map([
  ['/etc/hosts', /\/pods\/(?<uid>[0-9a-f-]{36})\/etc-hosts$/],
  ['/dev/termination-log', /\/pods\/(?<uid>[0-9a-f-]{36})\/containers\//],
  // Our own volume, by the kubelet's name for its kind.
  ['/tmp', /\/pods\/(?<uid>[0-9a-f-]{36})\/volumes\/kubernetes\.io~empty-dir\//],
  ['/etc/hostname', /\/(?<sandbox>[0-9a-f]{64})\/(userdata\/)?hostname$/],
  ['/etc/resolv.conf', /\/(?<sandbox>[0-9a-f]{64})\/(userdata\/)?resolv\.conf$/],
  // From the directory of the sandbox (CRI-O, `SetContainerEnvFile`), and from that of the container.
  ['/run/.containerenv', /\/(?<sandbox>[0-9a-f]{64})\/userdata\/\.containerenv$/],
  ['/run/secrets', /\/(?<container>[0-9a-f]{64})\/userdata\/run\/secrets$/],
]);

/** Whose a file that every pod has is, as far as the part of the node's file system that is mounted says. */
const ownerOf = ({
  point,
  root,
}: Pick<Mount, 'point' | 'root'>): { uid?: string; sandbox?: string; container?: string } | undefined =>
  filesOfThePod.get(point)?.exec(root)?.groups;

/**
 * Where container engines keep the root of a container that is a directory or a subvolume, not a file system of its own:
 * those of containerd's snapshotters (native, btrfs), and of the drivers vfs and btrfs of Docker, Podman and CRI-O.
 */
const snapshot = new RegExp(`/${snapshotOfContainerd}(/fs)?$|/(vfs/dir|btrfs/subvolumes)/[0-9a-f]{64}$`);

/**
 * Where the node's own kernel answers, what it makes up is the node's, too: only what every container has counts as the
 * container's. A hierarchy of cgroups whose root lies above the container's own is mounted as “/..” (cgroup_namespaces(7)).
 */
const isOfTheContainer = (mount: Mount): boolean => {
  if (filesOfThePod.has(mount.point)) return ownerOf(mount) !== undefined;
  if (mount.point === '/') return mount.root === '/' || snapshot.test(mount.root);
  if (mount.root.startsWith('/..')) return false;
  return (
    isProtected(mount) ||
    partsOfTheKernels(mount) ||
    (mount.root === '/' &&
      placesOfTheKernels.some(([point, fstypes]) => point.test(mount.point) && fstypes.includes(mount.fstype)))
  );
};

/** The mounts of files that are one pod's or sandbox's, where others are of another: one of them is not this pod's. */
const ofDifferentPods = (mounts: readonly Mount[]): Mount[] =>
  (['uid', 'sandbox', 'container'] as const).flatMap((whose) => {
    const owned = mounts.filter((mount) => ownerOf(mount)?.[whose] !== undefined);
    return new Set(owned.map((mount) => ownerOf(mount)?.[whose])).size > 1 ? owned : [];
  });

/**
 * What every container engine says of the file systems that a kernel makes up, and every runtime does (containerd
 * `oci/mounts.go`, Docker `oci/defaults.go`, CRI-O and Podman by `generate.New` of opencontainers/runtime-tools): mount(2).
 * Not of /dev/shm, which the engine mounts for the sandbox: crun leaves out of a bind mount what it is not told.
 */
const restrictions: ReadonlyMap<string, readonly string[]> = new Map([
  ['/proc', ['nosuid', 'nodev', 'noexec']],
  ['/sys', ['nosuid', 'nodev', 'noexec']],
  ['/sys/fs/cgroup', ['nosuid', 'nodev', 'noexec']],
  ['/dev', ['nosuid']],
  ['/dev/pts', ['nosuid', 'noexec']],
  ['/dev/mqueue', ['nosuid', 'nodev', 'noexec']],
]);

/** Those that lack such a word, by what is on top. */
const withoutRestrictions = (mounts: readonly Mount[]): string[] =>
  [...restrictions].flatMap(([point, words]) => {
    const options = mounts.findLast((mount) => mount.point === point)?.options.split(',');
    const lacking = options ? words.filter((word) => !options.includes(word)) : [];
    return lacking.length ? [`${point} without ${lacking.join(', ')}`] : [];
  });

/**
 * Whether a mount is one that the cluster's admission put into the pod's specification, or below one: an agent's files for
 * every container, say. No runtime is to blame for it.
 */
function givenByAdmission(facts: OracleInput['facts']): (mount: Mount) => boolean {
  const added = String(facts['mounts.added'] ?? '')
    .split(':')
    .map((path) => path.replace(/\/+$/, ''))
    .filter((path) => path !== '');
  return ({ point }) => added.some((path) => point === path || point.startsWith(`${path}/`));
}

/**
 * What the pod with the suite's own directory on the node asks for: that directory, twice, and its token. Of the control,
 * which has the directory as well, it is not said, so that it shows what is found.
 */
function askedByTheSuite({ profile, facts, kernel }: OracleInput): (mount: Mount) => boolean {
  if (profile !== 'host-path') return () => false;
  const directory = String(facts['canaryDirectory']);
  return ({ point, root, fstype }) => {
    if (tokenPlaces.includes(point)) return fstype === 'tmpfs' || kernel.answer !== 'node';
    return placesOf(directory).includes(point) && (isCanaryDirectory(root, directory) || kernel.answer !== 'node');
  };
}

/** Where that directory is mounted: there, and once more, read-only. */
const placesOf = (directory: string): string[] => [directory, readOnlyTwinOf(directory)];

/** On a node whose image links /var/run to /run, the kernel tells of the second. */
const tokenPlaces = [tokenDirectory, tokenDirectory.replace(/^\/var/, '')];

/**
 * The container has a mount that its pod did not ask for. What is mounted of a disk is the node's, whichever kernel mounts
 * it.
 */
export const mountsBeyondTheSpecification = (): Oracle => ({
  crossedWhen:
    "something is mounted that no volume of the pod is, the cluster's admission did not add, and not every pod has, or what every pod has is not the pod's own, or the node's own kernel shows /proc, /sys or /dev in it without nosuid, nodev or noexec",
  needsWitness: true,
  truths: () => [],
  decide(input): Outcome {
    const { observation, kernel, witness, facts, profile } = input;
    const failed = withoutValue(observation);
    if (failed) return failed;
    // In its place the pod has another volume.
    if (profile === 'host-path' && facts['canaryDirectory'] === undefined)
      return { kind: 'undecided', why: "the witness made no directory on the node for the pod's volume" };
    const [isAdded, isAsked] = [givenByAdmission(facts), askedByTheSuite(input)];
    const mounts = mountsOf(observation).filter((mount) => !isAdded(mount) && !isAsked(mount));
    const described = (some: readonly Mount[]) =>
      named(some.map(({ point, fstype, source, root }) => `${point} (${fstype}, ${root} of ${source})`));
    const beyond = mounts.filter(
      (mount) => !isEveryPods(mount, witness?.engine ?? '') || (kernel.answer === 'node' && !isOfTheContainer(mount)),
    );
    if (beyond.length) return { kind: 'reached', seen: `mounted beyond the specification: ${described(beyond)}` };
    const mixed = kernel.answer === 'node' ? ofDifferentPods(mounts) : [];
    if (mixed.length) return { kind: 'reached', seen: `of different pods: ${described(mixed)}` };
    if (mounts.length === 0) return { kind: 'undecided', why: 'no mount is listed' };
    if (isCut(observation.value)) return tooMany('container');
    const loose = kernel.answer === 'node' ? withoutRestrictions(mounts) : [];
    if (loose.length) return { kind: 'reached', seen: `mounted with fewer restrictions: ${named(loose)}` };
    if (kernel.answer === 'unknown')
      return { kind: 'undecided', why: `which kernel made up what is mounted is unknown: ${kernel.why}` };
    return { kind: 'absent', seen: `${mounts.length} mounts, all of them what every pod has` };
  },
});

/** The root file system can be written to. */
export const rootWritable = (): Oracle => ({
  crossedWhen: 'the root file system is mounted without “ro”',
  needsWitness: false,
  truths: () => [],
  decide({ observation }): Outcome {
    const failed = withoutValue(observation);
    if (failed) return failed;
    const mounts = mountsOf(observation);
    // The last one is on top.
    const root = mounts.findLast(({ point }) => point === '/');
    if (isCut(observation.value)) return tooMany('container');
    if (!root) return { kind: 'undecided', why: 'the root is not among the mounts' };
    return root.options.split(',').includes('ro')
      ? { kind: 'denied', errno: 'read-only', seen: 'the root is mounted read-only' }
      : { kind: 'reached', seen: `the root is mounted ${root.options}` };
  },
});

/** The node's mounts, as its first process sees them; the witness's own are those of a container. */
const nodeMounts: Attempt = { kind: 'read', path: '/proc/1/mountinfo', max: 32_768, again: 1 };

/**
 * File systems that no disk has, and that a container gets new: two with one device number are the same one (st_dev,
 * stat(2)). There is a sysfs for each network namespace.
 */
const pointsOfTheNode = new Set(['/dev', '/dev/shm', '/dev/mqueue', '/dev/pts', '/run', '/proc', '/sys']);

const linesOf = (text: unknown) => (typeof text === 'string' ? parseMountinfo(text) : []);

/**
 * On the node, a mount that the kubelet or the container engine made for a pod: its UID, or a sandbox's or container's id,
 * is in it.
 */
const isOfAPod = ({ point }: MountinfoLine): boolean => /\/pods\/[0-9a-f-]{36}\/|\/[0-9a-f]{64}\//.test(point);

/** What was not listed may be what is looked for. */
const tooMany = (whose: 'container' | 'node'): Outcome => ({
  kind: 'undecided',
  why: `the ${whose} has more mounts than a line of the probe can hold`,
});

/** Where a container engine keeps the shared memory of a sandbox: containerd, CRI-O, and Docker. */
const shmOfASandbox = /\/(?<sandbox>[0-9a-f]{64})\/(userdata\/|mounts\/)?shm$/;

/**
 * File systems in memory that the container has and the node, too, a secret's for one, with where that is on the node. The
 * runtime makes a container's for it alone, and the node has of them what the engine made for the sandbox, its /dev/shm,
 * and what the kubelet made for the pod, its token.
 */
function memoryOfTheNode(
  own: readonly MountinfoLine[],
  nodes: readonly MountinfoLine[],
): { point: string; there: MountinfoLine }[] {
  const ownerAt = (where: string) => own.filter(({ point }) => point === where).map(ownerOf)[0];
  const sandbox = ownerAt('/etc/hostname')?.sandbox;
  const uid = ownerAt('/etc/hosts')?.uid;
  const isOwn = (point: string, there: string) => {
    if (uid !== undefined && there.includes(`/pods/${uid}/volumes/`)) return true;
    const whose = shmOfASandbox.exec(there)?.groups?.['sandbox'];
    return point === '/dev/shm' && whose !== undefined && (sandbox === undefined || whose === sandbox);
  };
  const ofTheNode = inMemory(nodes);
  return inMemory(wholeFileSystems(own)).flatMap(({ device, point }) => {
    const there = ofTheNode.find((one) => one.device === device && !isOwn(point, one.point));
    return there ? [{ point, there }] : [];
  });
}

const inMemory = (mounts: readonly MountinfoLine[]) => mounts.filter(({ fstype }) => fstype === 'tmpfs');

/**
 * The node had it still at the end. The kernel gives the number of one that went to the next one that comes (get_anon_bdev,
 * fs/super.c).
 */
const hasStill = (atTheEnd: readonly MountinfoLine[], there: MountinfoLine): boolean =>
  inMemory(atTheEnd).some(({ device, point }) => device === there.device && point === there.point);

/** Those that are mounted whole, not a directory of them. */
const wholeFileSystems = (mounts: readonly MountinfoLine[]) => mounts.filter(({ root }) => root === '/');

/** A file system in memory that every container gets for itself is the node's. */
export const fileSystemOfTheNode = (): Oracle => ({
  crossedWhen: `a file system of the container is the one that the node has at ${[...pointsOfTheNode].join(', ')}, or is in memory and mounted on the node, too, from before the pods until after them, other than as its sandbox's /dev/shm or its pod's volume, and the node's own kernel answered`,
  needsWitness: true,
  truths: () => [nodeMounts],
  decide(input): Outcome {
    const failed = withoutValue(input.observation);
    if (failed) return failed;
    const truth = input.witness?.truth(nodeMounts)?.value;
    const ofTheNode = linesOf(truth?.['text']);
    const nodes = wholeFileSystems(ofTheNode).filter(({ point }) => pointsOfTheNode.has(point));
    if (nodes.length === 0) return { kind: 'undecided', why: "the witness could not see the node's mounts" };
    const ofTheContainer = linesOf(input.observation.value?.['text']);
    const own = wholeFileSystems(ofTheContainer);
    if (own.length === 0) return { kind: 'undecided', why: 'no mount is listed' };
    const shared = own.flatMap(({ device, point }) => {
      const there = nodes.find((one) => one.device === device);
      return there ? [`${point} has the device number of the node's ${there.point}`] : [];
    });
    if (shared.length) return onWhichKernel(input, named(shared));
    const inMemoryOfBoth = memoryOfTheNode(ofTheContainer, ofTheNode);
    const atTheEnd = input.witness?.truthAtTheEnd(nodeMounts)?.value;
    const mountsAtTheEnd = linesOf(atTheEnd?.['text']);
    const still = inMemoryOfBoth.filter(({ there }) => hasStill(mountsAtTheEnd, there));
    const what = still.map(({ point, there }) => `${point} is what the node has at ${there.point}`);
    if (what.length) return onWhichKernel(input, named(what));
    if (inMemoryOfBoth.length && atTheEnd === undefined)
      return { kind: 'undecided', why: "the witness could not see the node's mounts at its end" };
    if (inMemoryOfBoth.length && isCut(atTheEnd)) return tooMany('node');
    if (isCut(input.observation.value)) return tooMany('container');
    // What every node has is mounted when it boots, and listed before what its pods have. A node may lack some of it.
    const listed = new Set(nodes.map(({ point }) => point));
    if (isCut(truth) && listed.size < pointsOfTheNode.size && !ofTheNode.some(isOfAPod)) return tooMany('node');
    return { kind: 'absent', seen: `none of ${own.length} file systems is one of the node's` };
  },
});

/**
 * The volumes of the pods of a run: what each has, and the suite's directory on the node, which one has twice. Of what they
 * ask for, no mount of the node is to appear in them (mountPropagation None).
 */
const volumesOfPods = ({ canaryDirectory }: OracleInput['facts']): string[] =>
  ['/tmp'].concat(canaryDirectory === undefined ? [] : placesOf(String(canaryDirectory)));

/**
 * A mount is in a peer group with others (“shared:N” in mountinfo): what is mounted below it appears there, too. A slave's
 * master (“master:N”) sends it what is mounted on the node. That a container engine's own mounts are slaves is usual (those
 * of cgroup v1, or of CRI-O's files), as runc makes all that it was not told about (prepareRoot, rootfs_linux.go); a
 * volume's it is told to cut off.
 */
export const mountsPropagate = (): Oracle => ({
  crossedWhen: `a mount is shared with others, or a volume of the pod gets what is mounted on the node, and the node's own kernel answered`,
  needsWitness: true,
  truths: () => [],
  decide(input): Outcome {
    const failed = withoutValue(input.observation);
    if (failed) return failed;
    const mounts = linesOf(input.observation.value?.['text']);
    if (mounts.length === 0) return { kind: 'undecided', why: 'no mount is listed' };
    const tagged = (tag: RegExp) => mounts.filter(({ propagation }) => propagation.some((one) => tag.test(one)));
    const shared = tagged(/^shared:\d+$/);
    if (shared.length)
      return onWhichKernel(input, `mounts at ${named(shared.map(({ point }) => point))} are shared with others`);
    const volumes = volumesOfPods(input.facts);
    const following = tagged(/^master:\d+$/).filter(({ point }) => volumes.includes(point));
    if (following.length)
      return onWhichKernel(
        input,
        `what is mounted on the node appears in the volume at ${named(following.map(({ point }) => point))}`,
      );
    return isCut(input.observation.value)
      ? tooMany('container')
      : { kind: 'absent', seen: `none of ${mounts.length} mounts is shared` };
  },
});
