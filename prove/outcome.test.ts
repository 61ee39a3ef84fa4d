import { expect, test } from 'vitest';
import { brokenHandler, defineBreach, pairsOf, under } from '../fixtures/breaches/breach.ts';
import type { JudgedCheck, Run } from '../harness/evidence.ts';
import type { Verdict } from '../harness/judge/judge.ts';
import { exitCodeOf, isCaught, notPlanted, outcomeOf } from './outcome.ts';

const pair = pairsOf(
  defineBreach({
    id: 'runtime/fault',
    breaks: 'Something.',
    means: brokenHandler({ edits: [] }),
    red: under(['runc'], ['a/one', 'a/two']),
  }),
)[0]!;

/** A run whose verdicts are these, by check and handler. */
function runOf(...verdicts: [check: string, verdict: Verdict, handler?: string][]): Run {
  const cells = ['fault-runc', 'runc'].map((name) => ({ handler: name, runtimeClass: name }));
  const judged = verdicts.map(([check, verdict, handler = 'fault-runc']) => ({
    check,
    verdict,
    handler,
    reason: `because ${verdict}`,
  }));
  return { cells, verdicts: judged as JudgedCheck[] } as Run;
}
const outcome = (...verdicts: Parameters<typeof runOf>) => outcomeOf(pair, runOf(...verdicts), 'runs/x');
const names = (all: readonly { check: string }[]) => all.map(({ check }) => check);

test('caught: all that has to be red is, and nothing else', () => {
  const caught = outcome(['a/one', 'breached'], ['a/two', 'breached'], ['a/three', 'held'], ['a/four', 'exposed']);
  expect(isCaught(caught)).toBe(true);
  expect(names(caught.caught)).toEqual(['a/one', 'a/two']);
});

test.each(['held', 'inconclusive', 'exposed', 'not-applicable'] as const)('missed: %s is not red', (verdict) => {
  const missed = outcome(['a/one', 'breached'], ['a/two', verdict]);
  expect(isCaught(missed)).toBe(false);
  expect(missed.missed).toEqual([{ check: 'a/two', verdict, reason: `because ${verdict}` }]);
});

test('missed: a check that has no verdict', () => {
  expect(names(outcome(['a/one', 'breached']).missed)).toEqual(['a/two']);
});

test('red that should not be is no success; what could not be decided is told', () => {
  const red: Parameters<typeof runOf> = [
    ['a/one', 'breached'],
    ['a/two', 'breached'],
  ];
  const also = outcome(...red, ['a/three', 'breached']);
  expect(names(also.alsoRed)).toEqual(['a/three']);
  expect(isCaught(also)).toBe(false);
  const undecided = outcome(...red, ['a/three', 'inconclusive']);
  expect(names(undecided.undecided)).toEqual(['a/three']);
  expect(isCaught(undecided)).toBe(true);
});

test("another handler's verdicts are not this one's", () => {
  expect(names(outcome(['a/one', 'breached', 'runc'], ['a/two', 'breached', 'runc']).missed)).toEqual([
    'a/one',
    'a/two',
  ]);
});

test('a path check is caught when one of its paths is breached', () => {
  const caught = outcome(['a/one', 'held'], ['a/one', 'breached'], ['a/two', 'breached']);
  expect(isCaught(caught)).toBe(true);
});

test('exit codes: 0 only when everything was planted and caught', () => {
  const caught = outcome(['a/one', 'breached'], ['a/two', 'breached']);
  const missed = outcome(['a/one', 'breached'], ['a/two', 'held']);
  const failed = notPlanted(pair, 'no compiler');
  expect(exitCodeOf([caught, caught], 2)).toBe(0);
  expect(exitCodeOf([caught], 2)).toBe(3);
  expect(exitCodeOf([caught, failed], 2)).toBe(3);
  expect(exitCodeOf([], 0)).toBe(0);
  expect(exitCodeOf([missed, failed], 3)).toBe(1);
});
