import type { Run } from '../harness/evidence.ts';
import { fileOf, junitDocument, passedStories, reportName, strictHost, withoutCatalogue } from './junit-document.ts';
import type { CaseKind, JunitCase, JunitSuite, Property } from './junit-document.ts';
import { rich } from './junit-flavours.ts';
import type { Flavour } from './junit-flavours.ts';
import { parseJunit } from './junit-parse.ts';
import type { ParsedJunit, ParsedSuite } from './junit-parse.ts';

const shown = 20;

/**
 * The evidence self-check: reads the file that was written as a consumer would and compares it with the model. Throws with
 * the differences. It does not trust the sanitising: text that forges a result would have to forge the model too.
 */
export function checkJunit(xml: string, run: Run, flavour = rich): void {
  checkSuites(xml, junitDocument(run, new Map()), `${flavour.fileName} does not say what run.json says`, flavour);
}

/** The same for a report of anything else. `complaint` is how the error begins. */
export function checkSuites(xml: string, suites: readonly JunitSuite[], complaint: string, flavour = rich): void {
  const differences = compare(parseJunit(xml, flavour), suites, flavour);
  if (differences.length === 0) return;
  const more = differences.length > shown ? [`and ${differences.length - shown} more`] : [];
  throw new Error(`${complaint}:\n${[...differences.slice(0, shown), ...more].map((one) => `- ${one}`).join('\n')}`);
}

function compare(found: ParsedJunit, suites: readonly JunitSuite[], flavour: Flavour): string[] {
  const differences: string[] = [];
  const expect: Expect = (what, is, expected) => {
    if (is !== expected) differences.push(`${what} is ${quoted(is)}, expected ${quoted(expected)}`);
  };
  const all = suites.flatMap((suite) => suite.cases);
  if (flavour.caseEvidence) compareCounts('the report', found.attributes, all, expect);
  expect('number of suites', String(found.suites.length), String(suites.length));
  expect('number of cases', String(found.suites.flatMap((suite) => suite.cases).length), String(all.length));
  suites.forEach((suite, index) => {
    const parsed = found.suites[index];
    expect(`suite ${suite.name}: name`, parsed?.attributes['name'], suite.name);
    if (!parsed) return;
    compareSuite(parsed, suite, expect);
    if (flavour.caseEvidence) compareEvidence(parsed, suite, expect);
    else compareStrict(parsed, suite, index, expect);
  });
  return differences;
}

type Expect = (what: string, is: string | undefined, expected: string | undefined) => void;

/** What both flavours say. */
function compareSuite(found: ParsedSuite, suite: JunitSuite, expect: Expect): void {
  const what = `suite ${suite.name}`;
  expect(`${what}: timestamp`, found.attributes['timestamp'], suite.timestamp);
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
    const story = one.kind === 'passed' ? '' : withoutCatalogue(one.body);
    expect(`${name}: body`, withoutCatalogue(parsed.body), story);
  });
}

/** What stands in the cases of the rich flavour. */
function compareEvidence(found: ParsedSuite, suite: JunitSuite, expect: Expect): void {
  expect(`suite ${suite.name}: hostname`, found.attributes['hostname'], suite.hostname);
  suite.cases.forEach((one, index) => {
    const parsed = found.cases[index];
    if (!parsed) return;
    const name = `${one.classname} ${one.name}`;
    for (const key of [
      'verdict',
      'isolationClass',
      'change',
      'deviation.reason',
      'deviation.acceptedBy',
      'deviation.expires',
    ])
      expect(`${name}: property ${key}`, valueOf(parsed.properties, key), valueOf(one.properties, key));
    expect(`${name}: output`, withoutCatalogue(parsed.output), withoutCatalogue(one.body));
    if (parsed.kind !== 'passed') expect(`${name}: body`, parsed.body, parsed.output);
    const { file, line } = parsed.attributes;
    if (file !== undefined) expect(`${name}: file`, file, fileOf(one.name));
    if (line !== undefined) expect(`${name}: line`, String(Number.parseInt(line, 10)), line);
  });
}

/** What the strict flavour has in their place. */
function compareStrict(found: ParsedSuite, suite: JunitSuite, index: number, expect: Expect): void {
  const what = `suite ${suite.name}`;
  expect(`${what}: package`, found.attributes['package'], reportName);
  expect(`${what}: id`, found.attributes['id'], String(index));
  expect(`${what}: hostname`, found.attributes['hostname'], strictHost(suite));
  expect(`${what}: output`, withoutCatalogue(found.output), withoutCatalogue(passedStories(suite)));
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
