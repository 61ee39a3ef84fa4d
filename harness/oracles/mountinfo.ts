/** A line of a mountinfo file: proc_pid_mountinfo(5). */
export interface MountinfoLine {
  /** `major:minor`, one for each file system. */
  device: string;
  /** What of the file system is mounted. */
  root: string;
  point: string;
  /** This mount's options. */
  options: string;
  /** How it propagates: `shared:3`, `master:1`. The number names a peer group. */
  propagation: string[];
  fstype: string;
  /** Empty where whoever mounted it named none. */
  source: string;
  /** The file system's options. */
  superOptions: string;
}

/** The mounts of a mountinfo file. Lines that are none are left out, such as one that was cut. */
export const parseMountinfo = (text: string): MountinfoLine[] =>
  text.split('\n').flatMap((line) => {
    const [head = '', tail = ''] = line.split(' - ');
    const [, , device, root, point, options, ...propagation] = head.split(' ');
    const [fstype, source, superOptions] = tail.split(' ');
    if (!device || !root || !point || !options || !fstype || source === undefined || superOptions === undefined)
      return [];
    return [{ device, root, point, options, propagation, fstype, source, superOptions }];
  });

/**
 * Whether a path of the node leads to the run's own directory on it: by its last two names, which are the suite's and the
 * run's. Those before may be others, where a link or a mount leads there.
 */
export const isCanaryDirectory = (path: string, directory: string): boolean =>
  path.endsWith(/\/[^/]+\/[^/]+$/.exec(directory)?.[0] ?? directory);

/**
 * The end of the path where containerd's snapshotters keep a snapshot, for a regular expression. The one for btrfs keeps
 * them apart by whether they may be written to.
 */
export const snapshotOfContainerd = '(?:snapshots|active|view)/\\d+';
