import { stripTypeScriptTypes } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exitCodes, judgeAttempt, judgeCheck, judgeRun, worst } from './judge.ts';
import type { Attempted, Judgement, Verdict } from './judge.ts';
import type { Outcome } from '../outcome.ts';
import { controls, expectations, subjects, tableOf, witnesses } from '../testing/judge-table.ts';

/**
 * The rule of the suite, case by case. Read a row as: under this expectation, a subject that came to this gives …
 *
 * Groups: witness complete, incomplete, not needed. Letters in a group: the control reached, contained, denied, denied by
 * a setting of the node, absent, with nothing behind it, not attempted, undecided, none.
 *
 * H held, B breached, E exposed, N not applicable, . inconclusive.
 */
const table = `
  exposed            reached        EEEEEEEEE EEEEEEEEE EEEEEEEEE
  exposed            contained      H..NNN... ......... H..NNN...
  exposed            EROFS          H..N.N... ......... H..N.N...
  exposed            EPERM          H..N.N... ......... H..N.N...
  exposed            self-evident   HHHHHHHHH ......... HHHHHHHHH
  exposed            absent         H..NNN... ......... H..NNN...
  exposed            no-boundary    NNNNNNNNN ......... NNNNNNNNN
  exposed            not-attempted  ......... ......... .........
  exposed            undecided      ......... ......... .........
  stopped denied     reached        BBBBBBBBB BBBBBBBBB BBBBBBBBB
  stopped denied     contained      ......... ......... .........
  stopped denied     EROFS          H..N.N... ......... H..N.N...
  stopped denied     EPERM          H..N.N... ......... H..N.N...
  stopped denied     self-evident   HHHHHHHHH ......... HHHHHHHHH
  stopped denied     absent         ....NN... ......... ....NN...
  stopped denied     no-boundary    NNNNNNNNN ......... NNNNNNNNN
  stopped denied     not-attempted  ......... ......... .........
  stopped denied     undecided      ......... ......... .........
  stopped EROFS      reached        BBBBBBBBB BBBBBBBBB BBBBBBBBB
  stopped EROFS      contained      ......... ......... .........
  stopped EROFS      EROFS          H..N.N... ......... H..N.N...
  stopped EROFS      EPERM          ......... ......... .........
  stopped EROFS      self-evident   HHHHHHHHH ......... HHHHHHHHH
  stopped EROFS      absent         ....NN... ......... ....NN...
  stopped EROFS      no-boundary    NNNNNNNNN ......... NNNNNNNNN
  stopped EROFS      not-attempted  ......... ......... .........
  stopped EROFS      undecided      ......... ......... .........
  stopped absent     reached        BBBBBBBBB BBBBBBBBB BBBBBBBBB
  stopped absent     contained      ......... ......... .........
  stopped absent     EROFS          ......... ......... .........
  stopped absent     EPERM          ......... ......... .........
  stopped absent     self-evident   ......... ......... .........
  stopped absent     absent         H..NNN... ......... H..NNN...
  stopped absent     no-boundary    NNNNNNNNN ......... NNNNNNNNN
  stopped absent     not-attempted  ......... ......... .........
  stopped absent     undecided      ......... ......... .........
  stopped contained  reached        BBBBBBBBB BBBBBBBBB BBBBBBBBB
  stopped contained  contained      H..NNN... ......... H..NNN...
  stopped contained  EROFS          ......... ......... .........
  stopped contained  EPERM          ......... ......... .........
  stopped contained  self-evident   ......... ......... .........
  stopped contained  absent         ....NN... ......... ....NN...
  stopped contained  no-boundary    NNNNNNNNN ......... NNNNNNNNN
  stopped contained  not-attempted  ......... ......... .........
  stopped contained  undecided      ......... ......... .........
  not-applicable     reached        BBBBBBBBB BBBBBBBBB BBBBBBBBB
  not-applicable     contained      ......... ......... .........
  not-applicable     EROFS          H..N.N... ......... H..N.N...
  not-applicable     EPERM          H..N.N... ......... H..N.N...
  not-applicable     self-evident   HHHHHHHHH ......... HHHHHHHHH
  not-applicable     absent         N..NNN... ......... N..NNN...
  not-applicable     no-boundary    NNNNNNNNN ......... NNNNNNNNN
  not-applicable     not-attempted  ......... ......... .........
  not-applicable     undecided      ......... ......... .........
  reaches            reached        HHHHHHHHH HHHHHHHHH HHHHHHHHH
  reaches            contained      ......... ......... .........
  reaches            EROFS          ......... ......... .........
  reaches            EPERM          ......... ......... .........
  reaches            self-evident   ......... ......... .........
  reaches            absent         ......... ......... .........
  reaches            no-boundary    ......... ......... .........
  reaches            not-attempted  ......... ......... .........
  reaches            undecided      ......... ......... .........
`;
const wanted = table
  .trim()
  .split('\n')
  .map((row) => row.trim());

test('the truth table of judge', () => {
  expect(tableOf(judgeAttempt)).toEqual(wanted);
});

/** Each takes one rule out of judge, or weakens it. The table has to notice every one. */
const mutations: Record<string, [from: string, to: string]> = {
  'a subject that was not attempted is judged like others': ["if (subject.kind === 'not-attempted')", 'if (false)'],
  'an undecided subject is judged like others': ["if (subject.kind === 'undecided')", 'if (false)'],
  'reaching the node is not noticed': ["if (subject.kind === 'reached') {", 'if (false) {'],
  'a path that must be open is breached when it is': [
    "if (expectation.kind === 'reaches') return { verdict: 'held'",
    "if (false) return { verdict: 'held'",
  ],
  'exposure counts as a breach': ["if (expectation.kind === 'exposed')", 'if (false)'],
  'every breach counts as exposure': ["if (expectation.kind === 'exposed')", 'if (true)'],
  'a breach counts as held': ["verdict: 'breached', reason", "verdict: 'held', reason"],
  'a witness that went away is forgiven': ["if (witness === 'incomplete')", 'if (false)'],
  'no witness is ever enough': ["if (witness === 'incomplete')", 'if (true)'],
  'a path that had to be open is judged like others': [
    "if (expectation.kind === 'reaches') return inconclusive",
    'if (false) return inconclusive',
  ],
  'what no one has is not told apart': ["subject.kind === 'absent' && control?.kind === 'absent'", 'false'],
  'what no one has needs no look of the control': [
    "subject.kind === 'absent' && control?.kind === 'absent'",
    "subject.kind === 'absent'",
  ],
  'what has no boundary is judged like others': ['subject.noBoundary !== undefined', 'false'],
  'whatever is absent has no boundary': [
    "subject.kind === 'absent' && subject.noBoundary !== undefined",
    "subject.kind === 'absent'",
  ],
  'what the node does not have is not told apart': [
    "subject.kind === 'contained' && control?.kind === 'absent'",
    'false',
  ],
  'what is contained needs no look of the control': [
    "subject.kind === 'contained' && control?.kind === 'absent'",
    "subject.kind === 'contained'",
  ],
  'what is denied and has nothing behind it is not told apart': ['control.nothingBehind !== undefined', 'false'],
  'what is denied needs no look behind it': [
    "control.kind === 'absent' && control.nothingBehind !== undefined",
    'true',
  ],
  'whatever the node does not have excuses a denial': [
    "control.kind === 'absent' && control.nothingBehind !== undefined",
    "control.kind === 'absent'",
  ],
  'what the node refuses to everybody is not told apart': ['control.byTheNode !== undefined', 'false'],
  'every refusal is the node’s': [
    "control.kind === 'denied' && control.byTheNode !== undefined",
    "control.kind === 'denied'",
  ],
  'a stop of the wrong kind counts': ['if (unexpected)', 'if (false)'],
  'any errno counts': ['if (expectation.errnos &&', 'if (false &&'],
  'exposed accepts no stop': [
    "case 'exposed': // A class that does not claim the boundary may still have it.\n      return undefined;",
    "case 'exposed':\n      return 'reached';",
  ],
  'what shows that it is not applicable is not accepted': [
    '[expectation.shownBy, ...expectation.otherwise]',
    'expectation.otherwise',
  ],
  'what else is accepted is not': ['[expectation.shownBy, ...expectation.otherwise]', '[expectation.shownBy]'],
  'no control is needed': ['if (!control)', 'if (false)'],
  'a control that did not get through is enough': ["if (control.kind !== 'reached')", 'if (false)'],
  'a control that was contained is enough': [
    "control.kind !== 'reached'",
    "control.kind !== 'reached' && control.kind !== 'contained'",
  ],
  'a self-evident denial needs a control': ["subject.kind === 'denied' && subject.selfEvident", 'false'],
  'every denial is self-evident': ["subject.kind === 'denied' && subject.selfEvident", "subject.kind === 'denied'"],
  'not applicable is told as held': [
    "expectation.kind === 'not-applicable' && subject.kind === expectation.shownBy",
    'false',
  ],
};

describe('the truth table notices when', () => {
  const source = readFileSync(join(import.meta.dirname, 'judge.ts'), 'utf8');
  test.each(Object.entries(mutations))('%s', async (_, [from, to]) => {
    expect(source, 'the mutation no longer applies').toContain(from);
    // judge.ts imports only types, so a mutant stands alone once they are stripped.
    const mutant = stripTypeScriptTypes(source.replace(from, to));
    const module = (await import(
      `data:text/javascript;base64,${Buffer.from(mutant).toString('base64')}`
    )) as typeof import('./judge.ts');
    const rows = (() => {
      try {
        return tableOf(module.judgeAttempt);
      } catch (error) {
        return [(error as Error).message];
      }
    })();
    expect(rows).not.toEqual(wanted);
  });
});

const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);
const anyAttempt: fc.Arbitrary<Attempted> = fc.record({
  what: fc.constant('try'),
  subject: pick(Object.values(subjects)),
  control: pick([...controls]),
  controlWhere: fc.constant('there'),
  witness: pick(witnesses),
});
const anyExpectation = pick(Object.values(expectations));

describe('whatever was observed', () => {
  test('nothing is held without a control that got through, or a path that did', () => {
    fc.assert(
      fc.property(anyExpectation, fc.array(anyAttempt, { maxLength: 6 }), (expectation, attempts) => {
        if (judgeCheck(expectation, attempts).verdict !== 'held') return true;
        return expectation.kind === 'reaches'
          ? attempts.every((one) => one.subject.kind === 'reached')
          : attempts.some((one) => one.control?.kind === 'reached');
      }),
      { numRuns: 5000 },
    );
  });

  test('the order of the attempts does not change the verdict', () => {
    fc.assert(
      fc.property(
        anyExpectation,
        fc.array(anyAttempt, { minLength: 1, maxLength: 6 }),
        (expectation, attempts) =>
          judgeCheck(expectation, attempts).verdict === judgeCheck(expectation, attempts.toReversed()).verdict,
      ),
      { numRuns: 5000 },
    );
  });

  test('an attempt more never turns a breach into anything else', () => {
    fc.assert(
      fc.property(
        anyExpectation,
        fc.array(anyAttempt, { minLength: 1, maxLength: 5 }),
        anyAttempt,
        (expectation, attempts, more) =>
          judgeCheck(expectation, attempts).verdict !== 'breached' ||
          judgeCheck(expectation, [...attempts, more]).verdict === 'breached',
      ),
      { numRuns: 5000 },
    );
  });
});

test('no attempts are no verdict', () => {
  expect(judgeCheck(expectations['stopped denied']!, []).verdict).toBe('inconclusive');
});

describe('a run', () => {
  const cases: [Verdict[], boolean, ReturnType<typeof judgeRun>][] = [
    [['held', 'exposed', 'not-applicable'], true, 'held'],
    [['held', 'inconclusive'], true, 'inconclusive'],
    [['held', 'inconclusive', 'breached'], true, 'breached'],
    [['held', 'breached'], false, 'breached'],
    [['held'], false, 'inconclusive'],
    [['not-applicable'], true, 'inconclusive'],
    [[], true, 'inconclusive'],
    [['exposed'], true, 'held'],
  ];
  test.each(cases)('of %j, complete %s, is %s', (verdicts, complete, wantedVerdict) => {
    expect(judgeRun(verdicts, complete)).toBe(wantedVerdict);
  });
});

describe('several attempts', () => {
  const made = (subject: Outcome, control?: Outcome): Attempted => ({
    what: 'try',
    subject,
    control,
    controlWhere: 'there',
    witness: 'complete',
  });
  const reached: Outcome = { kind: 'reached', seen: 's' };
  const absent: Outcome = { kind: 'absent', seen: 's' };
  const refused: Outcome = { kind: 'denied', errno: 'HTTP 401', seen: 's', selfEvident: true };
  const surface = expectations['not-applicable']!;

  test('that are exposed, or not applicable, need none that is held', () => {
    expect(judgeCheck(expectations['exposed']!, [made(reached)]).verdict).toBe('exposed');
    expect(judgeCheck(surface, [made(absent, reached)]).verdict).toBe('not-applicable');
  });
  test('that had to get through need none either: they are what others are controlled by', () => {
    expect(judgeCheck({ kind: 'reaches' }, [made(reached)]).verdict).toBe('held');
  });
  test('are held by an attempt that is held and had a control, not by the control of another', () => {
    expect(judgeCheck(surface, [made(refused), made(absent, reached)]).verdict).toBe('inconclusive');
    expect(judgeCheck(surface, [made(refused), made(refused, reached)]).verdict).toBe('held');
  });
  test('are judged by the worst of them, whatever their order', () => {
    const verdicts = ['not-applicable', 'held', 'exposed', 'inconclusive', 'breached'] as const;
    const judgements = verdicts.map((verdict) => ({ verdict, reason: verdict }));
    for (const end of verdicts.keys()) {
      expect(worst(judgements.slice(0, end + 1))?.verdict).toBe(verdicts[end]);
      expect(worst(judgements.slice(0, end + 1).reverse())?.verdict).toBe(verdicts[end]);
    }
    expect(worst<Judgement>([])).toBeUndefined();
  });
});

test('the exit codes, by which pipelines know a verdict', () => {
  expect(exitCodes).toEqual({ held: 0, breached: 1, inconclusive: 3 });
});
