import { againId, attemptId, describeAttempt, fillText, resolveAttempt } from '../attempt.ts';
import type { Attempt, Observation } from '../attempt.ts';
import { annotations } from './annotations.ts';
import { attribution, completeness, missingHandler, podView } from './attribution.ts';
import { confinement } from './confinement.ts';
import { controlAttempts, subjectsOf } from '../check.ts';
import type { CellCheck, Check, Control, Expectation, ProfileName } from '../check.ts';
import type { Cell, ContainerEvidence, Evidence, JudgedCheck, Planned } from '../evidence.ts';
import { holding } from './holding.ts';
import { judgeCheck, said } from './judge.ts';
import type { Attempted, Judgement } from './judge.ts';
import { processOnNode, proveKernel, sandboxOnNode, sharedNamespaces } from './kernel.ts';
import { containerOf, referenceContainers } from './lookup.ts';
import type { Outcome } from '../outcome.ts';
import { pathAttempted } from './path.ts';
import { oomScoreAdjOfStarter, rankOnNode } from './rank.ts';
import { strayCgroup } from './sandbox.ts';
import { nodeView } from './witness.ts';
import type { NodeView } from './witness.ts';

/** Judges one planned check from the evidence alone. Pure: the same evidence always gives the same verdict. */
export function evaluate(
  check: Check,
  planned: Planned,
  evidence: Evidence,
  checks: ReadonlyMap<string, Check>,
): JudgedCheck {
  const cell = evidence.cells.find((one) => one.id === planned.cell);
  if (!cell) throw new Error(`the roster names cell ${planned.cell}, which the run does not have`);
  const path = evidence.network.paths.find((one) => one.id === planned.path);
  const to = evidence.cells.find((one) => one.id === path?.to);
  if (planned.path !== undefined && !to)
    throw new Error(`the roster names path ${planned.path}, which the run does not have`);
  const identity = {
    check: check.id,
    node: cell.node,
    handler: cell.handler,
    isolationClass: cell.isolationClass,
    ...(to && { to: { node: to.node, handler: to.handler } }),
  };
  if (!cell.isolationClass) {
    const reason = `the isolation class of handler ${cell.handler} is unknown: state it with --claim ${cell.handler}=CLASS`;
    return {
      ...identity,
      verdict: 'inconclusive',
      reason,
      expected: 'unknown',
      observed: 'not judged',
      control: 'not judged',
    };
  }
  const inUserNamespace = cell.userNamespaces && check.expectInUserNamespace?.[cell.isolationClass];
  const expectation = inUserNamespace ?? check.expect[cell.isolationClass];
  const view = nodeView(evidence, cell.node);
  const attempts = attempted(check, planned, cell, view, evidence, checks);
  const judgement = distrusted(cell, view, evidence) ?? judgeCheck(expectation, attempts);
  return {
    ...identity,
    ...judgement,
    expected: describeExpectation(expectation),
    observed: attempts.map(({ what, subject }) => `${what}: ${said(subject)}`).join('; ') || 'nothing',
    control:
      attempts
        .map(({ controlWhere, control }) => `${controlWhere}: ${control ? said(control) : 'did not run'}`)
        .join('; ') || 'none',
  };
}

/** The reference handler is the control of everything on its node, so it has to prove that it shares the node's kernel. */
function distrusted(cell: Cell, view: NodeView | undefined, evidence: Evidence): Judgement | undefined {
  const subjects = referenceContainers(cell, evidence);
  const strayed = subjects.find((container) => proveKernel(container, view, evidence).answer === 'another');
  return (
    strayed && {
      verdict: 'inconclusive',
      reason: `the reference handler of node ${cell.node} does not share the node's kernel, so nothing it does is a control: name another with --reference`,
    }
  );
}

/** What became of each attempt of a planned check, on both sides. `view` is what is known from the side of the cell's node. */
export function attempted(
  check: Check,
  planned: Planned,
  cell: Cell,
  view: NodeView | undefined,
  evidence: Evidence,
  checks: ReadonlyMap<string, Check>,
): Attempted[] {
  switch (check.scope) {
    case 'cell':
      return subjectsOf(check)
        .filter((profile) => planned.subjects?.includes(profile) ?? true)
        .flatMap((profile) =>
          check.attempts.map((attempt) => cellAttempted(check, attempt, { cell, view, evidence, profile })),
        );
    case 'path':
      return pathAttempted(check, planned.path, evidence);
    case 'attribution':
      switch (check.about) {
        case 'node-view':
          return [attribution(cell, view, evidence)];
        case 'pod-view':
          return [podView(cell, view, evidence)];
        case 'confinement':
          return [confinement(cell, view, evidence)];
        case 'holding':
          return [holding(cell, view, evidence)];
        case 'missing-handler':
          return [missingHandler(cell, evidence)];
        case 'annotations':
          return [annotations(cell, evidence)];
        case 'completeness':
          return [completeness(evidence, checks)];
      }
  }
}

/** Where an attempt is judged: the cell, what is known from the side of its node, all that was seen, and in which container. */
interface Place {
  cell: Cell;
  view: NodeView | undefined;
  evidence: Evidence;
  profile: ProfileName;
}

function cellAttempted(check: CellCheck, attempt: Attempt, place: Place): Attempted {
  const { cell, view, evidence, profile } = place;
  const container = containerOf(cell, profile, evidence);
  const where = profile === check.subject ? '' : `, in the ${profile} container`;
  const subject = worstOutcomeIn(check, attempt, container, place);
  const control = controlOutcome(check, attempt, subject, place);
  return {
    what: `${fillText(describeAttempt(attempt), container?.facts ?? {})}${where}`,
    subject,
    control: control.outcome,
    controlWhere: control.where,
    witness: !check.reached.needsWitness ? 'not-needed' : view?.complete ? 'complete' : 'incomplete',
  };
}

/**
 * What a container saw, the worse of both times where it looked again at the end of its life: what was given to it later is
 * given to it. Only a subject: a control has to get through at once.
 */
function worstOutcomeIn(
  check: CellCheck,
  attempt: Attempt,
  container: ContainerEvidence | undefined,
  place: Place,
): Outcome {
  const first = outcomeIn(check, attempt, container, place);
  if (!container?.observations.some((one) => one.id === againId(attempt))) return first;
  const later = outcomeIn(check, attempt, container, place, againId(attempt));
  if (concern(later) <= concern(first)) return first;
  const whenSaid = (words: string) => `at the end of its life, ${words}`;
  return 'seen' in later ? { ...later, seen: whenSaid(later.seen) } : { ...later, why: whenSaid(later.why) };
}

/** How much an outcome takes from what another look found. */
const concern = ({ kind }: Outcome): number =>
  kind === 'reached' ? 2 : kind === 'undecided' || kind === 'not-attempted' ? 1 : 0;

/** Runs the oracle over what one container saw. */
function outcomeIn(
  check: CellCheck,
  attempt: Attempt,
  container: ContainerEvidence | undefined,
  { cell, view, evidence, profile }: Place,
  id = attemptId(attempt),
): Outcome {
  if (!container) return { kind: 'not-attempted', why: 'no such pod was planned' };
  const observation = container.observations.find((one) => one.id === id);
  if (!observation) {
    const resolved = resolveAttempt(attempt, container.facts);
    const missing = 'missing' in resolved ? `the witness did not tell {${resolved.missing}}` : undefined;
    return { kind: 'not-attempted', why: container.cause ?? missing ?? 'the probe did not report it' };
  }
  const onNode = processOnNode(container, view);
  return check.reached.decide({
    attempt,
    observation,
    witness: view,
    kernel: proveKernel(container, view, evidence),
    profile: container.profile as ProfileName,
    facts: container.facts,
    strayCgroup: strayCgroup(container, view),
    rankOnNode: rankOnNode(container, view),
    oomScoreAdjOfStarter: oomScoreAdjOfStarter(container.podUid, view),
    reference:
      check.reached.comparesWithReference && container.profile === profile
        ? ofReference(attempt, container, cell, evidence)
        : undefined,
    seenFromNode: onNode && {
      namespaces: onNode.namespaces,
      uid: onNode.uid,
      sandbox: sandboxOnNode(container, view)?.namespaces,
      shared: sharedNamespaces(container, view, evidence),
    },
  });
}

const observationOf = (container: ContainerEvidence, attempt: Attempt): Observation | undefined =>
  container.observations.find((one) => one.id === attemptId(attempt));

function ofReference(attempt: Attempt, container: ContainerEvidence, cell: Cell, evidence: Evidence) {
  const counterpart = referenceContainers(cell, evidence).find(({ profile }) => profile === container.profile);
  return {
    observation: counterpart && observationOf(counterpart, attempt),
    itself: counterpart === container,
  };
}

/** The control's outcome, and where it ran. A weakened pod under the same handler serves a denial; else the reference's. */
function controlOutcome(
  check: CellCheck,
  attempt: Attempt,
  subject: Outcome,
  place: Place,
): { outcome: Outcome | undefined; where: string } {
  const { cell, evidence } = place;
  const control: Control = check.control;
  const same = controlAttempts(check)[check.attempts.indexOf(attempt)] ?? attempt;
  if (control.on === 'weakened' && subject.kind === 'denied') {
    const outcome = outcomeIn(check, same, containerOf(cell, control.profile, evidence), place);
    if (outcome.kind === 'reached' || outcome.kind === 'contained') {
      return { outcome: { kind: 'reached', seen: outcome.seen }, where: `${control.profile} under ${cell.handler}` };
    }
  }
  const reference = referenceContainers(cell, evidence).find((one) => one.profile === control.profile);
  if (!reference) return { outcome: undefined, where: `${control.profile} under the reference handler` };
  const handler = evidence.cells.find((one) => one.id === reference.cell)?.handler ?? '?';
  return { outcome: outcomeIn(check, same, reference, place), where: `${control.profile} under ${handler}` };
}

/** An expectation in words, for reports and `explain`. */
export function describeExpectation(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'exposed':
      return `exposed: ${expectation.because}`;
    case 'stopped':
      return expectation.errnos ? `denied with ${expectation.errnos.join(' or ')}` : expectation.by.join(' or ');
    case 'not-applicable':
      return `not applicable (${expectation.fact}), else ${expectation.otherwise.join(' or ')}`;
    case 'reaches':
      return 'gets through';
  }
}
