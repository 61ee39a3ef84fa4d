import { parseMountinfo } from '../harness/oracles/mountinfo.ts';

/** A mount, as the probe reports it. */
export interface Mount {
  point: string;
  root: string;
  fstype: string;
  source: string;
  /** This mount's, and the file system's. */
  options: string;
  superOptions: string;
  /** How it propagates, from mountinfo alone: `shared`, `master`. */
  propagation?: string;
}

/** The mounts of a mountinfo file, as the probe would report them. */
export const mountsIn = (text: string): Mount[] =>
  parseMountinfo(text).map(({ device: _, propagation, ...mount }) => {
    // The number behind the colon names a peer group, and is given when it is made.
    const kinds = propagation.map((field) => field.split(':')[0]).join(',');
    return { ...mount, ...(kinds && { propagation: kinds }) };
  });

/**
 * What of a mount table is the same in every run of the same thing, a line for each mount. The mounts of other pods, which a
 * node has as long as they live, are left out, and so are the numbers of a file system: of its snapshots, its descriptors, its
 * size.
 */
export const stableMounts = (mounts: readonly Mount[]): string[] =>
  mounts
    .filter(({ point }) => !ofOnePod.test(point))
    .map(({ point, root, fstype, source, options, superOptions, propagation }) =>
      [
        `${point}: ${fstype} of ${source}`,
        `from ${root.replace(kubeletsContainer, '{id}')}`,
        options,
        `file system ${superOptions.replaceAll(/\d+/g, '#')}`,
        ...(propagation ? [propagation] : []),
      ].join('; '),
    )
    .sort();

/** The UID of a pod, or the id of a sandbox, a container or a network namespace. */
const ofOnePod = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{62,64}/;

/** The kubelet keeps the termination log of each start of a container in a directory with a random name. */
const kubeletsContainer = /(?<=\/containers\/[^/]+\/)[0-9a-f]{8}$/;
