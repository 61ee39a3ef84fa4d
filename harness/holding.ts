import { asSeenLast, behindPods, named, unreadable } from './behind.ts';
import type { Cell, Evidence } from './evidence.ts';
import type { Attempted } from './judge.ts';
import type { Outcome } from './outcome.ts';
import { isKernelOrMachine, serverReports } from './sandbox.ts';
import type { NodeProcess, NodeView } from './witness.ts';

/**
 * What a machine, or a kernel in user space, can be made to serve is what stands open behind it: a disk that is plugged in, a
 * directory that is shared with the guest, a file of the node that serves as a disk, whether or not a container sees it. By what
 * it is, never by its path alone: a server that changed its root calls its directory `/`. What QEMU is told to read when it starts, or
 * to make a disk of, it does not keep open: that counts by QEMU's arguments.
 */
export function holding(cell: Cell, view: NodeView | undefined, evidence: Evidence): Attempted {
  return {
    what: `look on the node for what of it stands open behind the pods of handler ${cell.handler}`,
    subject: behindPods(cell, view, evidence, (pod, seen) => ofPod(serverReports(pod.podUid, seen))),
    control: control(view),
    controlWhere: "the witness, which has the node's root open, so that the same look must find it",
    witness: view?.complete ? 'complete' : 'incomplete',
  };
}

function ofPod(reports: readonly NodeProcess[]): Outcome {
  const processes = asSeenLast(reports, ({ holds }) => holds !== undefined);
  if (!processes.some(isKernelOrMachine)) return unreadable;
  const held = processes.map((process) => ({ process, places: heldBy(process, reports) }));
  const holder = held.find(({ places }) => places.length > 0);
  return holder
    ? { kind: 'reached', seen: `${named(holder.process)} holds ${holder.places.join(', ')} of the node` }
    : {
        kind: 'absent',
        seen: `${processes.map(named).join(', ')}: no disk, directory or file of the node is open that is not the pod's`,
      };
}

/**
 * What a process had open while it served: a server opens the root of the node to leave it, and puts itself under a filter when it
 * is done with that. What it serves one container it lets go of when that ends, so that all that was seen from then on counts. Of
 * one that has no filter the last look does.
 */
function heldBy(last: NodeProcess, reports: readonly NodeProcess[]): string[] {
  const serving = last.filtered ? reports.filter(({ pid, filtered }) => pid === last.pid && filtered) : [last];
  return [...new Set(serving.flatMap(({ holds }) => holds ?? []))];
}

const control = (view: NodeView | undefined): Outcome =>
  view?.ownHolds.includes('/')
    ? { kind: 'reached', seen: "the witness has the node's / open" }
    : { kind: 'not-attempted', why: 'the witness did not find its own open file' };
