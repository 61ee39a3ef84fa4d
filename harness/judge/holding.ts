import { asSeenLast, behindPods, named, unreadable } from './behind.ts';
import type { Cell, ContainerEvidence, Evidence } from '../evidence.ts';
import type { Attempted } from './judge.ts';
import { isCanaryDirectory, snapshotOfContainerd } from '../oracles/mountinfo.ts';
import type { Outcome } from '../outcome.ts';
import { isKernelOrMachine, serverReports } from './sandbox.ts';
import type { NodeProcess, NodeView } from './witness.ts';

/**
 * What a machine, or a kernel in user space, can be made to serve is what stands open behind it: a disk that is plugged in,
 * a directory that is shared with the guest, a file of the node that serves as a disk, whether or not a container sees it.
 * By what it is, never by its path alone: a server that changed its root calls its directory `/`. What QEMU is told to read
 * when it starts, or to make a disk of, it does not keep open: that counts by QEMU's arguments.
 */
export function holding(cell: Cell, view: NodeView | undefined, evidence: Evidence): Attempted {
  return {
    what: `look on the node for files, disks and directories of the node held open by what runs the pods of handler ${cell.handler}`,
    subject: behindPods(cell, view, evidence, (pod, seen) => ofPod(serverReports(pod.podUid, seen), pod)),
    control: control(view),
    controlWhere:
      "the witness, which has the node's root open and its pod's volume mounted, so that the same look must find both",
    witness: view?.complete ? 'complete' : 'incomplete',
  };
}

function ofPod(reports: readonly NodeProcess[], pod: ContainerEvidence): Outcome {
  const processes = asSeenLast(reports, ({ holds }) => holds !== undefined);
  if (!processes.some(isKernelOrMachine)) return unreadable;
  const held = processes.map((process) => {
    const seen = whileServing(process, reports);
    const mounted = seen.flatMap((one) => one.mounted ?? []).filter((path) => !isOf(pod, path));
    const open = seen.flatMap(({ holds }) => holds ?? []).filter((place) => !asksFor(pod, place));
    const places = [...open, ...mounted.map((path) => `${path} (mounted)`)];
    return { process, places: [...new Set(places)] };
  });
  const holder = held.find(({ places }) => places.length > 0);
  return holder
    ? { kind: 'reached', seen: `${named(holder.process)} holds ${holder.places.join(', ')} of the node` }
    : {
        kind: 'absent',
        seen: `${processes.map(named).join(', ')}: no disk, directory or file of the node is open that is not the pod's`,
      };
}

/**
 * What was seen of a process while it served: a server opens the root of the node to leave it, and puts itself under a
 * filter when it is done with that. What it serves one container it lets go of when that ends, so that all that was seen
 * from then on counts. Of one that has no filter the last look does.
 */
const whileServing = (last: NodeProcess, reports: readonly NodeProcess[]): readonly NodeProcess[] =>
  last.filtered ? reports.filter(({ pid, filtered }) => pid === last.pid && filtered) : [last];

/**
 * Where the container engine keeps what is of one container or sandbox, named by a digest or a random number of 256 bits,
 * and images' files (containerd's snapshots).
 */
const ofTheEngine = new RegExp(`/([0-9a-f]{64}|${snapshotOfContainerd})(/|$)`);

/**
 * A directory of the node that a pod has a right to: its own volumes, those of the node that it asks for, and the engine's
 * for it.
 */
function isOf(pod: ContainerEvidence, path: string): boolean {
  const asked = hostPathsOf(pod);
  return (
    (pod.podUid !== undefined && path.includes(`/pods/${pod.podUid}/`)) ||
    ofTheEngine.test(path) ||
    asked.some((one) => `${path}/`.startsWith(`${where(one)}/`)) ||
    asked.some((one) => one === pod.facts['canaryDirectory'] && isCanaryDirectory(path, one))
  );
}

/**
 * A directory that is in the pod's specification, also where the cluster's admission put it there, stands open to be
 * served. Nothing is handed on by a monitor's arguments for that.
 */
const asksFor = (pod: ContainerEvidence, place: string): boolean =>
  hostPathsOf(pod).some((one) => where(one) === place.replace(/ \(mounted below what it shares\)$/, ''));

const hostPathsOf = ({ facts }: ContainerEvidence): string[] =>
  String(facts['volumes.hostPaths'] ?? '')
    .split('\n')
    .filter((path) => path !== '');

/** Without a slash at its end, and /var/run as what it is a link to on every node: the kernel tells of no other path. */
const where = (path: string): string => path.replace(/\/+$/, '').replace(/^\/var\/run(?=\/|$)/, '/run');

const control = (view: NodeView | undefined): Outcome =>
  view?.ownHolds.includes('/') && view.ownMounted.some((path) => /\/pods\/[^/]+\/volumes\//.test(path))
    ? { kind: 'reached', seen: "the witness has the node's / open, and a volume mounted" }
    : { kind: 'not-attempted', why: 'the witness did not find its own open file, or its own volume' };
