import { isMadeByTheProbe } from '../attempt.ts';
import type { Oracle, Outcome } from '../outcome.ts';
import { isCut, withoutValue } from '../outcome.ts';
import { notInTheReference } from './reference.ts';

/**
 * A file that every pod has: what is in this pod's own. Neither an application kernel nor a guest tells where it comes
 * from.
 */
interface OwnFile {
  /** What is said of it, and of one that is another's. */
  own: string;
  another: string;
  /** Undefined where the name of the pod would be needed, and is not known. */
  isOwn(text: string, pod: string | undefined): boolean | undefined;
}

const linesOf = (text: string): string[] => text.split('\n').map((line) => line.replace(/[#;].*/, '').trim());

/**
 * hosts(5), which the kubelet writes, and hostname(5) of the sandbox: a pod's name is its host's unless it asks for
 * another.
 */
const namesThePod: OwnFile = {
  own: 'it names the pod',
  another: 'it does not name the pod',
  isOwn: (text, pod) => (pod === undefined ? undefined : linesOf(text).some((line) => line.split(/\s+/).includes(pod))),
};

/** resolv.conf(5). What it says is the cluster's affair, or the node's. */
const resolver: OwnFile = {
  own: 'it has nothing but settings of a resolver',
  another: 'it has more than settings of a resolver',
  isOwn: (text) =>
    linesOf(text).every((line) => line === '' || /^(nameserver|search|domain|sortlist|options)\s/.test(line)),
};

/** The kubelet makes it, empty. */
const nothing: OwnFile = { own: 'it is empty', another: 'it is not empty', isOwn: (text) => text === '' };

const files: ReadonlyMap<string, OwnFile> = new Map([
  ['/etc/resolv.conf', resolver],
  ['/dev/termination-log', nothing],
]);

/** A file that every pod is given is not this pod's. */
export const fileOfAnother = (): Oracle => ({
  crossedWhen:
    "the file is there and is not this pod's: it does not have the pod's name in it (/etc/hosts, /etc/hostname), has more than settings of a resolver (/etc/resolv.conf), or is not empty (/dev/termination-log)",
  needsWitness: false,
  truths: () => [],
  decide({ attempt, observation, facts }): Outcome {
    const failed = withoutValue(observation);
    if (failed) return failed;
    const text = observation.value?.['text'];
    if (typeof text !== 'string') return { kind: 'undecided', why: 'the text of the file is not known' };
    const file = files.get('path' in attempt ? attempt.path : '') ?? namesThePod;
    const pod = facts['pod.name'];
    const isOwn = file.isOwn(text, pod === undefined ? undefined : String(pod));
    if (isOwn === undefined) return { kind: 'undecided', why: 'the name of the pod is not known' };
    if (isOwn) return { kind: 'absent', seen: file.own };
    if (file === namesThePod && isCut(observation.value))
      return { kind: 'undecided', why: 'the file is longer than a line of the probe can hold' };
    return { kind: 'reached', seen: file.another };
  },
});

/** A volume that was made for this pod, and that nothing but the probe writes to, has something in it. */
export const volumeOfAnother = (): Oracle => ({
  crossedWhen:
    'the new, empty volume of the pod has something in it that neither the probe nor a new file system (lost+found) made',
  needsWitness: false,
  truths: () => [],
  decide({ observation }): Outcome {
    const failed = withoutValue(observation);
    if (failed) return failed;
    const entries = observation.value?.['entries'];
    if (!Array.isArray(entries)) return { kind: 'undecided', why: 'what is in the volume is not known' };
    const others = entries
      .map((entry: { name?: unknown } | null) => String(entry?.name))
      // Kata can make a volume a disk of the guest's own (emptydir_mode), and mke2fs(8) makes lost+found.
      .filter((name) => !isMadeByTheProbe(name) && name !== 'lost+found');
    if (others.length)
      return { kind: 'reached', seen: `${others.length} files of others are in it, ${others[0] ?? ''} for one` };
    return isCut(observation.value)
      ? { kind: 'undecided', why: 'there is more in the volume than a line of the probe can hold' }
      : { kind: 'absent', seen: 'nothing of others is in it' };
  },
});

/**
 * What may stand in the root of a container whose image holds one file. Places over which every pod has something mounted,
 * told by name as well, as an application kernel need not list each; what Docker and CRI-O put there (`/.dockerenv`;
 * `/etc/mtab`, a link to /proc/mounts); the file in which gVisor keeps what a container writes, which it hides (gvisor.dev,
 * "Root Filesystem Overlay"); and what a snapshotter tells of an image that it loads as it is read (stargz-snapshotter,
 * docs/overview.md).
 */
const filesOfEveryRoot =
  /^\/(cofferdam-probe|\.dockerenv|etc\/(hosts|hostname|resolv\.conf|mtab)|run\/\.containerenv|(dev|proc|sys)\/.*|\.gvisor\.filestore\.[^/]*|\.stargz-snapshotter\/.*)$/;

const pathsOf = (value: Record<string, unknown> | undefined): string[] | undefined =>
  Array.isArray(value?.['files'])
    ? value['files'].map((file: { path?: unknown } | null) => String(file?.path))
    : undefined;

/** A container's root has a file in it that is none of its image's. */
export const fileOutsideTheImage = (): Oracle => ({
  crossedWhen:
    "the root of the container has a file in it that is not the image's, nor put there by a container engine, and the same pod under the reference handler does not have it",
  needsWitness: false,
  comparesWithReference: true,
  truths: () => [],
  decide({ observation, reference }): Outcome {
    const failed = withoutValue(observation);
    if (failed) return failed;
    const paths = pathsOf(observation.value);
    if (!paths) return { kind: 'undecided', why: 'which files it has is not known' };
    const extra = paths.filter((path) => !filesOfEveryRoot.test(path) && !isMadeByTheProbe(path));
    if (extra.length === 0)
      return isCut(observation.value)
        ? { kind: 'undecided', why: 'there are more files than could be looked at' }
        : { kind: 'absent', seen: "there is no file beside the image's" };
    const own = notInTheReference(extra, reference, pathsOf);
    if (!own)
      return {
        kind: 'undecided',
        why: `there is ${extra[0] ?? ''}, and what the pod under the reference handler has is not known`,
      };
    if (own.length === 0)
      return { kind: 'absent', seen: `no difference: the pod under the reference handler has ${extra[0] ?? ''}, too` };
    return { kind: 'reached', seen: `there are ${own.length} files beside the image's, ${own[0] ?? ''} for one` };
  },
});
