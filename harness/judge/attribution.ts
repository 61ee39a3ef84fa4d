import type { Check } from '../check.ts';
import { handlerOf } from '../evidence.ts';
import type { Cell, ContainerEvidence, Evidence } from '../evidence.ts';
import type { Attempted } from './judge.ts';
import { proveKernel, valueOf } from './kernel.ts';
import { referenceOf } from './lookup.ts';
import type { Outcome } from '../outcome.ts';
import { sandboxOf } from './sandbox.ts';
import type { Measured } from './sandbox.ts';
import type { NodeView } from './witness.ts';

/**
 * Which class a cell really is, seen from the node, for each of its pods: not by its name. A contradiction in any of them,
 * or in what the container engine wrote down, is one of the claim.
 */
export function attribution(cell: Cell, view: NodeView | undefined, evidence: Evidence): Attempted {
  const containers = subjects(cell, evidence);
  const other = otherHandler(cell, view, containers);
  return {
    what: `find on the node what runs the pods of handler ${cell.handler}`,
    subject: other ? { kind: 'reached', seen: other } : compare(cell, measure()),
    control: referenceFound(cell, view, evidence),
    controlWhere: 'the reference handler, whose process the same look must find',
    witness: view?.complete ? 'complete' : 'incomplete',
  };

  function measure(): Measured {
    if (!view) return { why: 'no witness ran on the node' };
    const podsOf = (some: readonly ContainerEvidence[]) =>
      [...Map.groupBy(some, (container) => container.podUid).values()].map((pod) => sandboxOf(pod, view, evidence));
    const tested = podsOf(containers.filter(({ role }) => role === 'subject'));
    const tenants = podsOf(containers.filter(({ role }) => role !== 'subject'));
    // One pod that is not what was claimed tells more than any that is, or that nobody could tell of. The tenants on the
    // network have come, and mostly gone, when the witness stands: of them nothing but a contradiction can be relied on.
    return (
      [...tested, ...tenants].find((one) => 'class' in one && one.class !== cell.isolationClass) ??
      tested.find((one) => 'why' in one) ??
      tested[0] ?? { why: 'no pod of this cell ran' }
    );
  }
}

/**
 * What the container engine wrote down about a pod of the cell, or tells of it in the CRI, where it says another handler
 * than was asked for. One that names none ran its default.
 */
function otherHandler(
  cell: Cell,
  view: NodeView | undefined,
  containers: readonly ContainerEvidence[],
): string | undefined {
  // A pod that names no RuntimeClass asks for none, whatever its engine calls its default.
  if (cell.runtimeClass === null) return undefined;
  const uids = new Set(containers.map((container) => container.podUid));
  const other = [...(view?.sandboxes ?? []), ...(view?.records ?? [])].find(
    ({ podUid, handler }) => uids.has(podUid) && handler !== undefined && handler !== '' && handler !== handlerOf(cell),
  );
  return other && `the container engine ran a pod of it under handler ${String(other.handler)}`;
}

/**
 * The containers of a cell that have a word on their kernel: those under test, and the tenants on the network. A tenant
 * that did not report to its end lends its handler no verdict, so there is nothing to attribute.
 */
const subjects = (cell: Cell, evidence: Evidence): ContainerEvidence[] =>
  evidence.containers.filter(
    ({ role, cell: of, observations, complete }) =>
      of === cell.id &&
      (role === 'subject' ? observations.length > 0 : (role === 'server' || role === 'client') && complete),
  );

/** Crossed means here: the claim is contradicted. */
function compare(cell: Cell, measured: Measured): Outcome {
  if ('why' in measured) return { kind: 'undecided', why: measured.why };
  const claimed = `claimed ${cell.isolationClass ?? 'no class'} (${cell.claimedBy})`;
  return measured.class === cell.isolationClass
    ? { kind: 'absent', seen: `no contradiction: ${measured.by}` }
    : { kind: 'reached', seen: `it is ${measured.class}, ${claimed}: ${measured.by}` };
}

function referenceFound(cell: Cell, view: NodeView | undefined, evidence: Evidence): Outcome {
  const reference = referenceOf(cell, evidence);
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
  const reference = referenceOf(cell, evidence);
  const measured = fingerprint(reference ? subjects(reference, evidence) : [], view?.identity);
  if ('why' in measured) return { kind: 'not-attempted', why: measured.why };
  return measured.class === 'shared-kernel'
    ? { kind: 'reached', seen: measured.by }
    : { kind: 'denied', errno: measured.class, seen: measured.by };
}

/** A pod whose handler does not exist must not start: else a typing error in a RuntimeClass silently becomes runc. */
export function missingHandler(cell: Cell, evidence: Evidence): Attempted {
  const seen = evidence.missingHandler[cell.node];
  const reference = referenceOf(cell, evidence);
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
