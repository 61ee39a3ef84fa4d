import type { Run } from '../harness/evidence.ts';
import { junitDocument } from './junit-document.ts';
import type { CaseKind, JunitCase, JunitSuite, Property } from './junit-document.ts';
import { parseJunit } from './junit-parse.ts';
import type { ParsedSuite } from './junit-parse.ts';

const shown = 20;

/**
 * The evidence self-check: reads the file that was written as a consumer would and compares it with the model. Throws with
 * the differences. It does not trust the sanitising: text that forges a result would have to forge the model too.
 */
export function checkJunit(xml: string, run: Run): void {
  const differences = compare(parseJunit(xml), junitDocument(run, new Map()));
  if (differences.length === 0) return;
  const more = differences.length > shown ? [`and ${differences.length - shown} more`] : [];
  throw new Error(
    `junit.xml does not say what run.json says:\n${[...differences.slice(0, shown), ...more].map((one) => `- ${one}`).join('\n')}`,
  );
}

function compare(found: ReturnType<typeof parseJunit>, suites: readonly JunitSuite[]): string[] {
  const differences: string[] = [];
  const expect = (what: string, is: string | undefined, expected: string | undefined) => {
    if (is !== expected) differences.push(`${what} is ${quoted(is)}, expected ${quoted(expected)}`);
  };
  const all = suites.flatMap((suite) => suite.cases);
  compareCounts('the report', found.attributes, all, expect);
  expect('number of suites', String(found.suites.length), String(suites.length));
  expect('number of cases', String(found.suites.flatMap((suite) => suite.cases).length), String(all.length));
  suites.forEach((suite, index) => compareSuite(found.suites[index], suite, expect));
  return differences;
}

type Expect = (what: string, is: string | undefined, expected: string | undefined) => void;

function compareSuite(found: ParsedSuite | undefined, suite: JunitSuite, expect: Expect): void {
  const what = `suite ${suite.name}`;
  expect(`${what}: name`, found?.attributes['name'], suite.name);
  if (!found) return;
  expect(`${what}: timestamp`, found.attributes['timestamp'], suite.timestamp);
  expect(`${what}: hostname`, found.attributes['hostname'], suite.hostname);
  expect(`${what}: properties`, JSON.stringify(found.properties), JSON.stringify(suite.properties));
  compareCounts(what, found.attributes, suite.cases, expect);
  expect(`${what}: number of cases`, String(found.cases.length), String(suite.cases.length));
  suite.cases.forEach((one, index) => {
    const parsed = found.cases[index];
    const name = `${one.classname} ${one.name}`;
    expect(
      `case ${index + 1} of ${what}: identity`,
      parsed && `${parsed.attributes['classname'] ?? ''} ${parsed.attributes['name'] ?? ''}`,
      name,
    );
    if (!parsed) return;
    expect(`${name}: kind`, parsed.kind, one.kind);
    expect(`${name}: type`, parsed.outcome['type'], one.type);
    expect(`${name}: message`, parsed.outcome['message'] ?? '', one.message);
    for (const key of ['verdict', 'isolationClass'])
      expect(`${name}: property ${key}`, valueOf(parsed.properties, key), valueOf(one.properties, key));
    // What the body says of the claim comes from the catalogue, so it is no part of the model; the one story is told twice.
    expect(`${name}: body`, parsed.kind === 'passed' ? parsed.output : parsed.body, parsed.output);
    expect(`${name}: output`, parsed.output.trim() === '' ? 'empty' : 'there', 'there');
  });
}

function compareCounts(
  what: string,
  attributes: Readonly<Record<string, string>>,
  cases: readonly JunitCase[],
  expect: Expect,
): void {
  const count = (kind: CaseKind) => String(cases.filter((one) => one.kind === kind).length);
  expect(`${what}: tests`, attributes['tests'], String(cases.length));
  expect(`${what}: failures`, attributes['failures'], count('failure'));
  expect(`${what}: errors`, attributes['errors'], count('error'));
  expect(`${what}: skipped`, attributes['skipped'], count('skipped'));
}

const quoted = (value: string | undefined): string =>
  value === undefined ? 'absent' : JSON.stringify(value).slice(0, 200);

const valueOf = (properties: readonly Property[], name: string): string | undefined =>
  properties.find(([key]) => key === name)?.[1];
