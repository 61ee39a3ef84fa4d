import type { ContainerEvidence } from '../evidence.ts';
import type { Rank } from '../outcome.ts';
import { isApplicationKernel, processesOf, sandboxReports } from './sandbox.ts';
import type { NodeProcess, NodeView } from './witness.ts';

/** SCHED_FIFO, SCHED_RR and SCHED_DEADLINE of linux/sched.h. */
const realTime: ReadonlySet<number> = new Set([1, 2, 6]);

/**
 * How the node's kernel ranks what answers a container in its stead: what a kernel in user space or a guest shows of itself
 * says nothing of it. Undefined where nothing of the sort was seen, and of a container that did not run to its end. That it
 * never was adjusted takes a witness that watched to its end; that it once was ahead of others does not.
 */
export function rankOnNode(container: ContainerEvidence, view: NodeView | undefined): Rank | undefined {
  if (!view || !container.complete || container.podUid === undefined) return undefined;
  const reports = sandboxReports(container.podUid, view);
  if (reports.length === 0) return undefined;
  // gVisor gives its kernel the lowest of its containers' for as long as there are any, and before and after that of whoever
  // started it. Of a guest nothing is said: a monitor has what the container engine gave the shim, under Kata too.
  const adjustments = numbersOf(reports.filter(isApplicationKernel), ({ oomScoreAdj }) => oomScoreAdj);
  const nice = numbersOf(reports, (one) => one.nice);
  return {
    ...(view.complete && adjustments.length > 0 && { oomScoreAdj: Math.max(...adjustments) }),
    ...(nice.length > 0 && { nice: Math.min(...nice) }),
    realTime: numbersOf(reports, ({ policy }) => policy).some((policy) => realTime.has(policy)),
  };
}

/** What starts a pod's processes: containerd's shim, or CRI-O's conmon. */
const starter = /^(containerd-shim|conmon)/;

/** The lowest oom_score_adj of what starts the processes of a container, as the node saw it. */
export function oomScoreAdjOfStarter(podUid: string | undefined, view: NodeView | undefined): number | undefined {
  if (!view) return undefined;
  const starters = processesOf(podUid, view).filter(({ comm }) => starter.test(comm));
  const adjustments = numbersOf(starters, ({ oomScoreAdj }) => oomScoreAdj);
  return adjustments.length > 0 ? Math.min(...adjustments) : undefined;
}

const numbersOf = (reports: readonly NodeProcess[], of: (one: NodeProcess) => number | null | undefined): number[] =>
  reports.map(of).filter((value) => typeof value === 'number');
