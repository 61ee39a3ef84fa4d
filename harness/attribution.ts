import type { Check, IsolationClass } from './check.ts';
import type { Cell, ContainerEvidence, Evidence } from './evidence.ts';
import type { Attempted } from './judge.ts';
import { proveKernel, valueOf } from './kernel.ts';
import type { Outcome } from './outcome.ts';
import type { NodeProcess, NodeView } from './witness.ts';

/** The sandboxed kernel of gVisor shows itself by its command line, `runsc-sandbox … boot`. */
const applicationKernels = /(^|\/)runsc(-sandbox|-gofer)?\b/;
/** Virtual machine monitors that Kata Containers uses as a process of their own. */
const monitors = /(^|\/)(qemu-system-\S+|cloud-hypervisor|firecracker|stratovirt)\b/;

/**
 * Which class a cell really is, seen from the node: not by its name. The container's process in the node's table, or a
 * process of the pod that is a kernel or a machine of its own.
 */
export function attribution(cell: Cell, view: NodeView | undefined, evidence: Evidence): Attempted {
  const containers = subjects(cell, evidence);
  return {
    what: `find on the node what runs the pods of handler ${cell.handler}`,
    subject: compare(cell, measure()),
    control: referenceFound(cell, view, evidence),
    controlWhere: 'the reference handler, whose process the same look must find',
    witness: view?.complete ? 'complete' : 'incomplete',
  };

  function measure(): Measured {
    if (!view) return { why: 'no witness ran on the node' };
    if (containers.length === 0) return { why: 'no pod of this cell ran' };
    const proofs = containers.map((container) => proveKernel(container, view, evidence));
    if (proofs.some((proof) => proof.answer === 'node'))
      return { class: 'shared-kernel', by: "a container's process is one of the node's own" };
    const unknown = proofs.find((proof) => proof.answer === 'unknown');
    if (unknown) return { why: unknown.why };
    const uids = new Set(containers.map((container) => container.podUid));
    const ofPods = view.processes.filter((process) => process.podUid !== undefined && uids.has(process.podUid));
    const kernel = named(ofPods, applicationKernels);
    const monitor = named(ofPods, monitors);
    if (kernel)
      return {
        class: 'application-kernel',
        by: `process ${kernel.pid} (${kernel.comm}) of the pod is gVisor's kernel`,
      };
    if (monitor)
      return {
        class: 'guest-kernel',
        by: `process ${monitor.pid} (${monitor.comm}) of the pod is a virtual machine monitor`,
      };
    return {
      why: `another kernel answered, and none of the pod's ${ofPods.length} processes on the node is a known sandbox`,
    };
  }
}

type Measured = { class: IsolationClass; by: string } | { why: string };

const named = (processes: readonly NodeProcess[], pattern: RegExp): NodeProcess | undefined =>
  processes.find(({ exe, argv }) => pattern.test(exe) || pattern.test(argv.split(/[\0 ]/)[0] ?? ''));

const subjects = (cell: Cell, evidence: Evidence): ContainerEvidence[] =>
  evidence.containers.filter((one) => one.role === 'subject' && one.cell === cell.id && one.observations.length > 0);

/** Crossed means here: the claim is contradicted. */
function compare(cell: Cell, measured: Measured): Outcome {
  if ('why' in measured) return { kind: 'undecided', why: measured.why };
  const claimed = `claimed ${cell.isolationClass ?? 'no class'} (${cell.claimedBy})`;
  return measured.class === cell.isolationClass
    ? { kind: 'absent', seen: `no contradiction: ${measured.by}` }
    : { kind: 'reached', seen: `it is ${measured.class}, ${claimed}: ${measured.by}` };
}

function referenceFound(cell: Cell, view: NodeView | undefined, evidence: Evidence): Outcome {
  const reference = evidence.cells.find((one) => one.reference && one.node === cell.node);
  const proof = (reference ? subjects(reference, evidence) : []).map((container) =>
    proveKernel(container, view, evidence),
  );
  const found = proof.find((one) => one.answer === 'node');
  return found
    ? { kind: 'reached', seen: found.why }
    : { kind: 'not-attempted', why: proof[0]?.why ?? 'no reference pod ran' };
}

/**
 * The class as it shows inside the pod alone: gVisor by its kernel log, a shared kernel by the node's boot id, a guest by
 * neither. A second, independent signal beside the node's view.
 */
export function podView(cell: Cell, view: NodeView | undefined, evidence: Evidence): Attempted {
  return {
    what: `tell from inside which kernel runs the pods of handler ${cell.handler}`,
    subject: compare(cell, fingerprint(subjects(cell, evidence), view?.identity)),
    control: referenceLooksShared(cell, view, evidence),
    controlWhere: "the reference handler, which must show the node's kernel from inside",
    witness: view?.complete ? 'complete' : 'incomplete',
  };
}

function fingerprint(containers: readonly ContainerEvidence[], node: Record<string, unknown> | undefined): Measured {
  const identities = containers
    .map((container) => valueOf(container, 'identity'))
    .filter((value) => value !== undefined);
  if (identities.length === 0 || !node?.['bootId'])
    return { why: 'the pod or the witness showed no identity of its kernel' };
  // boot_id names the running kernel; the boot time is a second witness that a copied file would not change.
  if (identities.some((identity) => identity['bootId'] === node['bootId']))
    return { class: 'shared-kernel', by: "it shows the node's boot id" };
  const gvisor = identities.find((identity) => identity['gvisor'] === true);
  if (gvisor) return { class: 'application-kernel', by: "its kernel log is gVisor's" };
  return {
    class: 'guest-kernel',
    by: `it is a Linux kernel with a boot id of its own (${String(identities[0]?.['bootId'])})`,
  };
}

function referenceLooksShared(cell: Cell, view: NodeView | undefined, evidence: Evidence): Outcome {
  const reference = evidence.cells.find((one) => one.reference && one.node === cell.node);
  const measured = fingerprint(reference ? subjects(reference, evidence) : [], view?.identity);
  if ('why' in measured) return { kind: 'not-attempted', why: measured.why };
  return measured.class === 'shared-kernel'
    ? { kind: 'reached', seen: measured.by }
    : { kind: 'denied', errno: measured.class, seen: measured.by };
}

/** A pod whose handler does not exist must not start: else a typing error in a RuntimeClass silently becomes runc. */
export function missingHandler(cell: Cell, evidence: Evidence): Attempted {
  const seen = evidence.missingHandler[cell.node];
  const reference = evidence.cells.find((one) => one.reference && one.node === cell.node);
  const ran = evidence.containers.some((one) => one.role === 'subject' && one.cell === reference?.id && one.complete);
  return {
    what: 'start a pod whose RuntimeClass names a handler that no node has',
    subject: missingHandlerOutcome(seen),
    control: ran
      ? { kind: 'reached', seen: 'a pod with a valid handler ran' }
      : { kind: 'not-attempted', why: 'no pod with a valid handler ran' },
    controlWhere: 'a pod with a valid handler on the same node',
    witness: 'not-needed',
  };
}

function missingHandlerOutcome(seen: Evidence['missingHandler'][string] | undefined): Outcome {
  if (!seen) return { kind: 'not-attempted', why: 'the pod was not created' };
  if (seen.started) return { kind: 'reached', seen: 'the pod ran, under a handler that nobody asked for' };
  // Only the runtime's own refusal counts: a pod may stay unstarted for many other reasons.
  if (seen.message) return { kind: 'denied', errno: 'refused', seen: `it was refused: ${seen.message}` };
  return { kind: 'not-attempted', why: seen.cause ?? 'the pod did not start, and nobody said why' };
}

/**
 * Every planned check has its one place in the roster, and every check that applies to the cells is in it. The control is
 * live: the same comparison has to notice when one entry is taken out.
 */
export function completeness(evidence: Evidence, checks: ReadonlyMap<string, Check>): Attempted {
  const found = gaps(evidence, checks, evidence.roster);
  const seeded = gaps(evidence, checks, evidence.roster.slice(1));
  return {
    what: 'find a planned check without its one verdict',
    subject: found.length
      ? { kind: 'reached', seen: found.slice(0, 3).join('; ') }
      : { kind: 'absent', seen: `${evidence.roster.length} planned, each once` },
    control:
      seeded.length > found.length
        ? { kind: 'reached', seen: 'an entry taken out was noticed' }
        : { kind: 'absent', seen: 'an entry taken out was not noticed' },
    controlWhere: 'the same comparison with one entry taken out',
    witness: 'not-needed',
  };
}

function gaps(evidence: Evidence, checks: ReadonlyMap<string, Check>, roster: Evidence['roster']): string[] {
  const key = (one: Evidence['roster'][number]) => `${one.check} ${one.cell} ${one.path ?? ''}`;
  const counts = new Map<string, number>();
  for (const one of roster) counts.set(key(one), (counts.get(key(one)) ?? 0) + 1);
  const rostered = new Set(evidence.roster.map((one) => one.check));
  const wanted = evidence.cells
    .filter((cell) => cell.tested)
    .flatMap((cell) =>
      [...checks.values()]
        .filter((check) => rostered.has(check.id))
        .flatMap((check) => {
          if (check.scope !== 'path') return [key({ check: check.id, cell: cell.id })];
          const paths = evidence.network.paths.filter(
            (p) => p.from === cell.id && p.network === check.network && p.server === check.server,
          );
          return paths.map((p) => key({ check: check.id, cell: cell.id, path: p.id }));
        }),
    );
  const missing = wanted.filter((one) => !counts.has(one)).map((one) => `missing: ${one}`);
  const unknown = roster.filter((one) => !checks.has(one.check)).map((one) => `unknown: ${one.check}`);
  const twice = [...counts].filter(([, count]) => count > 1).map(([one]) => `twice: ${one}`);
  return [...missing, ...unknown, ...twice];
}
