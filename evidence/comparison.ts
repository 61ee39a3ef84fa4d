import type { Verdict } from '../harness/judge/judge.ts';

/** What became of a check between two runs. */
export type Change =
  | 'regressed'
  | 'fixed'
  /** The verdict is as good as it was, and what it stands on is another. */
  | 'changed'
  | 'new'
  | 'gone'
  /** The two verdicts do not answer the same question. */
  | 'incomparable'
  | 'unchanged';

/** Worst first: how reports order them. */
export const changes: readonly Change[] = ['regressed', 'gone', 'incomparable', 'changed', 'fixed', 'new', 'unchanged'];

/** One thing that was seen in one run and not in the other. */
export interface Difference {
  what: string;
  before: string;
  after: string;
}

/** A check under a handler on a node, in both runs. Named as in the new run; what is gone, as in the old one. */
export interface ComparedCheck {
  check: string;
  node: string;
  handler: string;
  to?: { node: string; handler: string };
  change: Change;
  before?: { verdict: Verdict; reason: string };
  after?: { verdict: Verdict; reason: string };
  /** Of what is incomparable: what differs. */
  because?: string;
  /** What was observed in one run and not in the other, of all that the verdict stands on. */
  differences: Difference[];
}

/** One side of a comparison. */
export interface ComparedRun {
  run: string;
  started: string;
  version: string;
  meaning: number;
  /** Set when the run did not come to its end: what stopped it. */
  interrupted?: string;
  /** Set where only one handler of the run is compared. */
  handler?: string;
}

/** Two runs, check by check and observation by observation. */
export interface Comparison {
  schema: 1;
  before: ComparedRun;
  after: ComparedRun;
  /** What was tested: versions of nodes, runtimes and the cluster that differ. */
  surroundings: Difference[];
  checks: ComparedCheck[];
}

/** How many checks each change has. */
export function countChanges({ checks }: Comparison): Record<Change, number> {
  const counts = { regressed: 0, fixed: 0, changed: 0, new: 0, gone: 0, incomparable: 0, unchanged: 0 };
  for (const { change } of checks) counts[change]++;
  return counts;
}

/** What makes a comparison fail. */
export type FailOn = 'regressions' | 'any';

/** Changes that fail a gate, and those that leave it without an answer. */
const gates: Record<FailOn, { fails: readonly Change[]; undecided: readonly Change[] }> = {
  // What is no longer there, or answers another question, has not been shown to be as good as before.
  regressions: { fails: ['regressed'], undecided: ['gone', 'incomparable'] },
  any: { fails: ['regressed', 'gone', 'changed', 'fixed', 'new'], undecided: ['incomparable'] },
};

/** What a gate makes of a check. Without a gate, everything is let through. */
export function gateOn(
  { change, after }: Pick<ComparedCheck, 'change' | 'after'>,
  failOn: FailOn | undefined,
): 'passes' | 'fails' | 'undecided' {
  if (!failOn) return 'passes';
  if (gates[failOn].fails.includes(change)) return 'fails';
  // Nobody knows whether it was breached before as well; a gate that passes says that nothing is.
  const bad = change === 'new' && (after?.verdict === 'breached' || after?.verdict === 'inconclusive');
  return bad || gates[failOn].undecided.includes(change) ? 'undecided' : 'passes';
}

/** The exit code of a comparison: 0, 1 when something fails the gate, 3 when that could not be told. */
export function comparisonExitCode({ checks }: Comparison, failOn: FailOn | undefined): 0 | 1 | 3 {
  const gate = checks.map((one) => gateOn(one, failOn));
  // Two runs without a check in common would else be a pass.
  const nothing = failOn !== undefined && !checks.some(({ before, after }) => before && after);
  return gate.includes('fails') ? 1 : gate.includes('undecided') || nothing ? 3 : 0;
}

/**
 * How good a verdict is, for telling better from worse. What held and what does not exist are as good as each other: an
 * upgrade may remove a surface. A breach that can no longer be decided is not repaired; see `changeOf`.
 */
const goodness: Record<Verdict, number> = { breached: 0, inconclusive: 1, exposed: 2, 'not-applicable': 3, held: 3 };

/** What became of a verdict. `sameEvidence`: nothing that it stands on differs. */
export function changeOf(before: Verdict, after: Verdict, sameEvidence: boolean): Change {
  if (goodness[after] < goodness[before]) return 'regressed';
  if (goodness[after] > goodness[before]) return after === 'inconclusive' ? 'changed' : 'fixed';
  return before === after && sameEvidence ? 'unchanged' : 'changed';
}
