import { asSeenLast, behindPods, named, unreadable } from './behind.ts';
import type { Cell, Evidence } from '../evidence.ts';
import type { Attempted } from './judge.ts';
import { processOnNode } from './kernel.ts';
import { referenceContainers } from './lookup.ts';
import type { Outcome } from '../outcome.ts';
import { isFileServer, isKernelOrMachine, sandboxReports } from './sandbox.ts';
import type { NodeProcess, NodeView } from './witness.ts';

/** Namespaces in which whoever broke out of a sandbox meets the rest of the node. */
const own = ['user', 'mnt', 'pid', 'ipc'] as const;
/** gVisor's file server has files to open as their owners where the kernel itself opens none (`--directfs=false`). */
const ownOfFileServers = own.filter((kind) => kind !== 'user');

/**
 * The second wall: what answers a pod's system calls on the node is a process of the node itself, and whoever takes it over has
 * its rights. Read by the witness of the process as it was seen last, for each pod of the cell under test.
 */
export function confinement(cell: Cell, view: NodeView | undefined, evidence: Evidence): Attempted {
  return {
    what: `look on the node for what answers the pods of handler ${cell.handler} without being confined`,
    subject: behindPods(cell, view, evidence, (pod, seen) => ofPod(sandboxReports(pod.podUid, seen), seen)),
    control: control(cell, view, evidence),
    controlWhere: 'the privileged pod under the reference handler, whose process the same look must find unconfined',
    witness: view?.complete ? 'complete' : 'incomplete',
  };
}

function ofPod(reports: readonly NodeProcess[], view: NodeView): Outcome {
  const processes = asSeenLast(reports, ({ filtered }) => filtered !== undefined);
  if (!processes.some(isKernelOrMachine)) return unreadable;
  const loose = processes.map((process) => ({ process, lacks: lacking(process, view) }));
  const worst = loose.find(({ lacks }) => lacks.length > 0);
  return worst
    ? { kind: 'reached', seen: `${named(worst.process)} ${worst.lacks.join(' and ')}` }
    : {
        kind: 'denied',
        errno: 'confined',
        seen: `${processes.map(named).join(', ')}: under a filter, in namespaces of its own (${own.join(', ')})`,
      };
}

function lacking(process: NodeProcess, view: NodeView): string[] {
  const { filtered, profiled, namespaces } = process;
  const nodes = (isFileServer(process) ? ownOfFileServers : own).filter(
    (kind) => namespaces[kind] !== undefined && namespaces[kind] === view.namespaces[kind],
  );
  return [
    ...(filtered ? [] : ['has no seccomp filter']),
    ...(profiled ? ['lets itself be profiled (--profile), for which its filter lets more through'] : []),
    ...(nodes.length ? [`is in the node's own ${nodes.join(', ')} namespace`] : []),
  ];
}

function control(cell: Cell, view: NodeView | undefined, evidence: Evidence): Outcome {
  const pod = referenceContainers(cell, evidence).find(({ profile }) => profile === 'privileged');
  const process = pod && processOnNode(pod, view);
  if (!process) return { kind: 'not-attempted', why: 'its process was not found' };
  return process.filtered === false
    ? { kind: 'reached', seen: `${named(process)} has no seccomp filter` }
    : { kind: 'undecided', why: `${named(process)} was not seen without a filter` };
}
