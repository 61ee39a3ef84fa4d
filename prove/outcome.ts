import { nameOf, runtimeClassOf } from '../fixtures/breaches/breach.ts';
import type { Pair } from '../fixtures/breaches/breach.ts';
import type { JudgedCheck, Run } from '../harness/evidence.ts';
import type { PairOutcome, Seen } from './record.ts';

/** What became of a pair, from the verdicts of its run alone. */
export function outcomeOf(pair: Pair, run: Run, directory: string): PairOutcome {
  const cells = run.cells.filter((cell) => cell.runtimeClass === runtimeClassOf(pair)).map((cell) => cell.handler);
  const verdicts = run.verdicts.filter((verdict) => cells.includes(verdict.handler));
  const byCheck = Map.groupBy(verdicts, (verdict) => verdict.check);
  const expected = pair.expected.map((check) => seen(check, byCheck.get(check) ?? []));
  const others = [...byCheck].filter(([check]) => !pair.expected.includes(check)).map(([check, of]) => seen(check, of));
  return {
    pair: nameOf(pair),
    breaks: pair.breach.breaks,
    run: directory,
    caught: expected.filter(({ verdict }) => verdict === 'breached'),
    missed: expected.filter(({ verdict }) => verdict !== 'breached'),
    alsoRed: others.filter(({ verdict }) => verdict === 'breached'),
    undecided: others.filter(({ verdict }) => verdict === 'inconclusive'),
  };
}

/** A pair that could not be planted, or whose run could not be made. */
export const notPlanted = (pair: Pair, why: string): PairOutcome => ({
  pair: nameOf(pair),
  breaks: pair.breach.breaks,
  notPlanted: why,
  caught: [],
  missed: [],
  alsoRed: [],
  undecided: [],
});

/** A check has several verdicts when it looks at paths. One that is breached says it for all. */
function seen(check: string, verdicts: readonly JudgedCheck[]): Seen {
  const told = verdicts.find(({ verdict }) => verdict === 'breached') ?? verdicts[0];
  return told
    ? { check, verdict: told.verdict, reason: told.reason }
    : { check, verdict: 'inconclusive', reason: 'the run has no verdict of it' };
}

/** Caught: every check that has to be red is, and no other. */
export const isCaught = (outcome: PairOutcome): boolean =>
  outcome.notPlanted === undefined && outcome.missed.length === 0 && outcome.alsoRed.length === 0;

/** 0: all caught, and nothing else red. 1: something missed, or red that should not be. 3: not everything was proved. */
export function exitCodeOf(outcomes: readonly PairOutcome[], planned: number): number {
  if (outcomes.some((one) => one.notPlanted === undefined && !isCaught(one))) return 1;
  return outcomes.length === planned && outcomes.every(isCaught) ? 0 : 3;
}
