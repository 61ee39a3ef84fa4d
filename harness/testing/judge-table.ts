import type { Expectation } from '../check.ts';
import type { Attempted, Verdict, WitnessState, judgeAttempt } from '../judge/judge.ts';
import type { Outcome } from '../outcome.ts';

/** Every expectation that a check can state, by a name for the table. */
export const expectations: Record<string, Expectation> = {
  exposed: { kind: 'exposed', because: 'by design' },
  'stopped denied': { kind: 'stopped', by: ['denied'] },
  'stopped EROFS': { kind: 'stopped', by: ['denied'], errnos: ['EROFS'] },
  'stopped absent': { kind: 'stopped', by: ['absent'] },
  'stopped contained': { kind: 'stopped', by: ['contained'] },
  'not-applicable': { kind: 'not-applicable', fact: 'it has none', shownBy: 'absent', otherwise: ['denied'] },
  reaches: { kind: 'reaches' },
};

/** Everything that a subject's attempt can come to. */
export const subjects: Record<string, Outcome> = {
  reached: { kind: 'reached', seen: 's' },
  contained: { kind: 'contained', seen: 's' },
  EROFS: { kind: 'denied', errno: 'EROFS', seen: 's' },
  EPERM: { kind: 'denied', errno: 'EPERM', seen: 's' },
  'self-evident': { kind: 'denied', errno: 'EROFS', seen: 's', selfEvident: true },
  absent: { kind: 'absent', seen: 's' },
  'no-boundary': { kind: 'absent', seen: 's', noBoundary: 'nobody asked for one' },
  'not-attempted': { kind: 'not-attempted', why: 's' },
  undecided: { kind: 'undecided', why: 's' },
};

/** Everything that a control can come to; the last is that none ran. In the order of the letters in a group. */
export const controls: readonly (Outcome | undefined)[] = [
  { kind: 'reached', seen: 'c' },
  { kind: 'contained', seen: 'c' },
  { kind: 'denied', errno: 'EPERM', seen: 'c' },
  { kind: 'denied', errno: 'EPERM', seen: 'c', byTheNode: 'a setting' },
  { kind: 'absent', seen: 'c' },
  { kind: 'absent', seen: 'c', nothingBehind: 'no such call' },
  { kind: 'not-attempted', why: 'c' },
  { kind: 'undecided', why: 'c' },
  undefined,
];

/** In the order of the groups of a row. */
export const witnesses: readonly WitnessState[] = ['complete', 'incomplete', 'not-needed'];

const letters: Record<Verdict, string> = {
  held: 'H',
  breached: 'B',
  exposed: 'E',
  inconclusive: '.',
  'not-applicable': 'N',
};

/** One row for every expectation and subject: three groups, one a witness state, of nine letters, one a control. */
export function tableOf(judge: typeof judgeAttempt): string[] {
  return Object.entries(expectations).flatMap(([expectationName, expectation]) =>
    Object.entries(subjects).map(([subjectName, subject]) => {
      const groups = witnesses.map((witness) =>
        controls.map((control) => letters[judge(expectation, attempted(subject, control, witness)).verdict]).join(''),
      );
      return `${expectationName.padEnd(18)} ${subjectName.padEnd(14)} ${groups.join(' ')}`;
    }),
  );
}

const attempted = (subject: Outcome, control: Outcome | undefined, witness: WitnessState): Attempted => ({
  what: 'try',
  subject,
  control,
  controlWhere: 'there',
  witness,
});
