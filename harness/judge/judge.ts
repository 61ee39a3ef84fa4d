import type { Expectation } from '../check.ts';
import type { Outcome } from '../outcome.ts';

export type Verdict = 'held' | 'breached' | 'exposed' | 'inconclusive' | 'not-applicable';

/** A verdict on one attempt, or on a whole check, with the sentence that explains it. */
export interface Judgement {
  verdict: Verdict;
  reason: string;
}

/** `not-needed`: the oracle looks at one side only. `incomplete`: the witness did not watch from beginning to end. */
export type WitnessState = 'complete' | 'incomplete' | 'not-needed';

/** One attempt, seen from everywhere. */
export interface Attempted {
  /** The attempt in words, for the reason. */
  what: string;
  subject: Outcome;
  /** The same attempt where it must get through; undefined when no control ran. */
  control: Outcome | undefined;
  /** Where the control ran, in words. */
  controlWhere: string;
  witness: WitnessState;
}

const inconclusive = (reason: string): Judgement => ({ verdict: 'inconclusive', reason });

/**
 * The rule of the whole suite, for one attempt. There is no default verdict: whatever no rule decides is inconclusive.
 * The order matters: what reached the node is told before anything that would excuse it.
 */
export function judgeAttempt(expectation: Expectation, attempted: Attempted): Judgement {
  const { what, subject, control, controlWhere, witness } = attempted;

  // Nothing was seen, or what was seen says nothing.
  if (subject.kind === 'not-attempted') return inconclusive(`could not ${what}: ${subject.why}`);
  if (subject.kind === 'undecided') return inconclusive(`tried to ${what}: ${subject.why}`);

  if (subject.kind === 'reached') {
    if (expectation.kind === 'reaches') return { verdict: 'held', reason: `${what}: ${subject.seen}` };
    if (expectation.kind === 'exposed')
      return { verdict: 'exposed', reason: `${what}: ${subject.seen}; ${expectation.because}` };
    return { verdict: 'breached', reason: `${what}: ${subject.seen}` };
  }

  // That something did not reach the node is worth as much as the witness who would have seen it there.
  if (witness === 'incomplete') {
    return inconclusive(`tried to ${what}: the witness did not watch from beginning to end`);
  }
  if (expectation.kind === 'reaches') return inconclusive(`had to ${what}, but ${said(subject)}`);

  // A boundary that nobody asked the runtime for is none that it could break, and what differs from nothing shows none.
  if (subject.kind === 'absent' && subject.noBoundary !== undefined)
    return { verdict: 'not-applicable', reason: `${what}: ${subject.seen}, and ${subject.noBoundary}` };

  // What the node itself does not have, nobody can reach: a fact of this node, shown by both.
  if (subject.kind === 'absent' && control?.kind === 'absent') {
    return {
      verdict: 'not-applicable',
      reason: `${what}: ${subject.seen}, and the control found nothing either (${control.seen})`,
    };
  }

  // A stop of the wrong kind is not the stop that the check is about.
  const unexpected = wrongKind(expectation, subject);
  if (unexpected) return inconclusive(`tried to ${what}: ${said(subject)}, expected ${unexpected}`);

  // The pod's own kernel has such a thing and the node has none (cgroup v1's files in gVisor, on a node with v2).
  if (subject.kind === 'contained' && control?.kind === 'absent') {
    return {
      verdict: 'not-applicable',
      reason: `${what}: ${subject.seen}, and the node has no such thing (${control.seen})`,
    };
  }

  // Without a control that got through, being stopped proves nothing.
  if (!(subject.kind === 'denied' && subject.selfEvident)) {
    if (!control) return inconclusive(`tried to ${what}: ${said(subject)}, but no control ran (${controlWhere})`);
    // A filter refuses a call and a device by their numbers, and a firewall a port, also where nothing is behind them.
    if (control.kind === 'absent' && control.nothingBehind !== undefined) {
      return {
        verdict: 'not-applicable',
        reason: `${what}: ${subject.seen}, and ${control.nothingBehind} (${control.seen})`,
      };
    }
    // A node that is hardened refuses it to its own root, too, and a service may serve nobody without credentials: there is
    // nothing that a runtime could let through.
    if (control.kind === 'denied' && control.byTheNode !== undefined) {
      return {
        verdict: 'not-applicable',
        reason: `${what}: ${subject.seen}, and the node refuses it to everybody (${control.byTheNode})`,
      };
    }
    if (control.kind !== 'reached') {
      return inconclusive(
        `tried to ${what}: ${said(subject)}, but the control did not get through either (${controlWhere}: ${said(control)})`,
      );
    }
  }
  if (expectation.kind === 'not-applicable' && subject.kind === expectation.shownBy) {
    return { verdict: 'not-applicable', reason: `${expectation.fact} (${subject.seen})` };
  }
  return { verdict: 'held', reason: `${what}: ${subject.seen}` };
}

/** What was expected instead, or undefined when the outcome is one that the expectation accepts. */
function wrongKind(expectation: Expectation, subject: Outcome): string | undefined {
  switch (expectation.kind) {
    case 'exposed': // A class that does not claim the boundary may still have it.
      return undefined;
    case 'stopped':
      if (!expectation.by.some((stop) => stop === subject.kind)) return expectation.by.join(' or ');
      if (expectation.errnos && !(subject.kind === 'denied' && expectation.errnos.includes(subject.errno))) {
        return expectation.errnos.join(' or ');
      }
      return undefined;
    case 'not-applicable': {
      const accepted = [expectation.shownBy, ...expectation.otherwise];
      return accepted.some((stop) => stop === subject.kind) ? undefined : accepted.join(' or ');
    }
    case 'reaches':
      return 'reached';
  }
}

/** An outcome in words. */
export function said(outcome: Outcome): string {
  return outcome.kind === 'not-attempted' || outcome.kind === 'undecided'
    ? outcome.why
    : `${outcome.kind}: ${outcome.seen}`;
}

/** Worst first: what outranks what when several attempts, or several checks, become one verdict. */
const rank: readonly Verdict[] = ['breached', 'inconclusive', 'exposed', 'held', 'not-applicable'];

/** The worst of several judgements; undefined of none, because nothing judged is not a verdict. */
export function worst<J extends Judgement>(judgements: readonly J[]): J | undefined {
  return [...judgements].sort((a, b) => rank.indexOf(a.verdict) - rank.indexOf(b.verdict))[0];
}

/**
 * One verdict from the attempts of a check. A denial that needs no control of its own (the service's own 401) counts only
 * beside an attempt whose control got through: else the whole could be a network that is down.
 */
export function judgeCheck(expectation: Expectation, attempts: readonly Attempted[]): Judgement {
  const judgements = attempts.map((attempted) => ({ ...judgeAttempt(expectation, attempted), attempted }));
  const verdict = worst(judgements);
  if (!verdict) return inconclusive('no attempt was made');
  if (
    verdict.verdict === 'held' &&
    !judgements.some((one) => one.verdict === 'held' && one.attempted.control?.kind === 'reached')
  ) {
    if (expectation.kind !== 'reaches')
      return inconclusive(`no control got through for any attempt (${verdict.reason})`);
  }
  return { verdict: verdict.verdict, reason: verdict.reason };
}

/** A run's verdict. Nothing decided is not conformance. */
export function judgeRun(verdicts: readonly Verdict[], complete: boolean): 'held' | 'breached' | 'inconclusive' {
  if (verdicts.includes('breached')) return 'breached';
  const decided = verdicts.some((verdict) => verdict === 'held' || verdict === 'exposed');
  return !complete || verdicts.includes('inconclusive') || !decided ? 'inconclusive' : 'held';
}

/** Exit codes: 0 conformant, 1 breached, 3 could not be decided. (2 is usage, and never a verdict.) */
export const exitCodes = { held: 0, breached: 1, inconclusive: 3 } as const;
