import { changes, countChanges, gateOn } from '../evidence/comparison.ts';
import type { ComparedCheck, Comparison, FailOn } from '../evidence/comparison.ts';
import { changeTitles, placeOf, runOf, verdictsOf } from './comparison.ts';
import { groups } from './groups.ts';
import { caseName, classname, suiteName } from './identity.ts';
import { writeDocument } from './junit.ts';
import { checkSuites } from './junit-check.ts';
import { block } from './junit-document.ts';
import type { CaseKind, JunitCase, JunitSuite } from './junit-document.ts';
import { safeLine } from './text.ts';

/**
 * A comparison as JUnit: suites and cases are named as those of the new run. What fails the gate is a failure, what leaves it
 * without an answer an error, any other change is skipped and says what it is. Without a gate nothing fails.
 */
export const comparisonJunit = (comparison: Comparison, failOn: FailOn | undefined): string =>
  writeDocument(comparisonSuites(comparison, failOn));

/** Reads the file as a consumer would and compares it with the comparison. Throws with the differences. */
export const checkComparisonJunit = (xml: string, comparison: Comparison, failOn: FailOn | undefined): void => {
  checkSuites(xml, comparisonSuites(comparison, failOn), 'the JUnit file does not say what the comparison says');
};

/** What the file says, as data. */
function comparisonSuites(comparison: Comparison, failOn: FailOn | undefined): JunitSuite[] {
  const timestamp = new Date(comparison.after.started).toISOString().slice(0, 19);
  const counts = countChanges(comparison);
  const properties: [string, string][] = [
    ['comparison.old', runOf(comparison.before)],
    ['comparison.new', runOf(comparison.after)],
    ['comparison.failOn', failOn ?? 'nothing'],
    // `new` is a class of change too, and Jenkins keeps one property of a name.
    ...changes.map((change): [string, string] => [`comparison.count.${change}`, String(counts[change])]),
    ...comparison.surroundings.map(({ what, before, after }): [string, string] => [
      safeLine(`differs.${what}`, 200),
      safeLine(`${before} → ${after}`),
    ]),
  ];
  return groups(comparison.checks, suiteName).map((checks): JunitSuite => ({
    name: suiteName(checks[0]),
    timestamp,
    hostname: safeLine(checks[0].node),
    properties,
    cases: checks.map((one) => caseOf(one, failOn)),
  }));
}

function caseOf(compared: ComparedCheck, failOn: FailOn | undefined): JunitCase {
  const { check, change, because, differences, before, after } = compared;
  const gate = gateOn(compared, failOn);
  const kind: CaseKind =
    gate === 'fails' ? 'failure' : gate === 'undecided' ? 'error' : change === 'unchanged' ? 'passed' : 'skipped';
  return {
    classname: classname(compared),
    name: caseName(check),
    kind,
    ...(kind === 'failure' && { type: 'Comparison' }),
    ...(kind === 'error' && { type: 'NotComparable' }),
    message:
      kind === 'passed'
        ? ''
        : safeLine(`${change}: ${verdictsOf(compared)}${because === undefined ? '' : `; ${because}`}`),
    body: block([
      ['change', changeTitles[change]],
      ['where', placeOf(compared)],
      ['old', before ? `${before.verdict}: ${before.reason}` : 'not there'],
      ['new', after ? `${after.verdict}: ${after.reason}` : 'not there'],
      ...(because === undefined ? [] : [['incomparable', because] as const]),
      ...differences.map(({ what, before: old, after: now }) => ['differs', `${what}: ${old} → ${now}`] as const),
    ]),
    properties: [['change', change]],
  };
}
