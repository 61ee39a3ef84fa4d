import { describe, expect, it } from 'vitest';
import type { ComparedCheck, Comparison } from '../evidence/comparison.ts';
import { comparisonHtml } from './comparison-html.ts';
import { checkComparisonJunit, comparisonJunit } from './comparison-junit.ts';
import { comparisonReport, comparisonSentence } from './comparison.ts';
import { parseJunit } from './junit-parse.ts';
import { parseXml } from './testing.ts';

const check = (compared: Partial<ComparedCheck>): ComparedCheck => ({
  check: 'kernel-isolation/boot-id-is-not-the-nodes',
  node: 'node-a',
  handler: 'kata-qemu',
  change: 'unchanged',
  before: { verdict: 'held', reason: 'as ever' },
  after: { verdict: 'held', reason: 'as ever' },
  differences: [],
  ...compared,
});

const side = { run: 'r', started: '2026-11-20T08:30:00.250Z', version: '0.1.0', meaning: 1 };

const comparison = (...checks: ComparedCheck[]): Comparison => ({
  schema: 1,
  before: { ...side, run: 'old' },
  after: { ...side, run: 'new' },
  surroundings: [{ what: 'node node-a: containerRuntime', before: 'containerd://2.1.4', after: 'containerd://2.2.0' }],
  checks,
});

const regressed = check({
  check: 'host-devices/node-disk-cannot-be-opened',
  change: 'regressed',
  after: { verdict: 'breached', reason: 'open b 8:0: it was allowed' },
  differences: [{ what: 'make and open device', before: 'EPERM', after: 'opened: true' }],
});
const gone: ComparedCheck = { ...check({ check: 'a/gone', change: 'gone' }), node: 'node-b' };
delete gone.after;

describe('on a terminal', () => {
  it('says what regressed, with both sides, and what the gate makes of it', () => {
    const text = comparisonReport(comparison(regressed, check({})), 'regressions', { color: false, width: 100 });
    expect(text).toContain('containerd://2.1.4 → containerd://2.2.0');
    expect(text).toContain('Regressed (1)');
    expect(text).toContain('held → breached');
    expect(text).toContain('make and open device: EPERM → opened: true');
    expect(text).toContain('1 regressed, 1 unchanged. The gate on regressions is not passed (exit code 1).');
  });

  it('does not call it passed when nothing could be compared', () => {
    expect(comparisonSentence(comparison(), 'regressions')).toContain('could not be told');
    expect(comparisonSentence(comparison(gone), 'regressions')).toContain('(exit code 3)');
    expect(comparisonSentence(comparison(check({})), undefined)).toContain('No gate was asked for (exit code 0)');
  });
});

describe('as JUnit', () => {
  const kinds = (of: Comparison, failOn?: 'regressions' | 'any') =>
    parseJunit(comparisonJunit(of, failOn)).suites.flatMap((suite) =>
      suite.cases.map((one) => [one.attributes['name'], one.kind]),
    );

  it('fails what the gate fails, errs where it has no answer, and skips other changes', () => {
    const changed = check({ check: 'a/changed', change: 'changed' });
    expect(kinds(comparison(regressed, gone, changed, check({})), 'regressions')).toEqual([
      ['host-devices/node-disk-cannot-be-opened', 'failure'],
      ['a/gone', 'error'],
      ['a/changed', 'skipped'],
      ['kernel-isolation/boot-id-is-not-the-nodes', 'passed'],
    ]);
    expect(kinds(comparison(changed), 'any')).toEqual([['a/changed', 'failure']]);
    expect(kinds(comparison(regressed))).toEqual([['host-devices/node-disk-cannot-be-opened', 'skipped']]);
  });
});

describe('as JUnit, read back', () => {
  const all = comparison(regressed, gone, check({ check: 'a/changed', change: 'changed' }), check({}));
  const xml = comparisonJunit(all, 'regressions');
  it.each([undefined, 'regressions', 'any'] as const)('says what the comparison says, with a gate on %s', (failOn) =>
    expect(() => checkComparisonJunit(comparisonJunit(all, failOn), all, failOn)).not.toThrow(),
  );
  it.each([
    ['a failure is taken out', /<failure[^]*?<\/failure>/, ''],
    ['a case is taken out', /<testcase(?=[^>]*a\/changed)[^]*?<\/testcase>/, ''],
    ['a verdict is another', /held → breached/, 'held → held'],
    ['a change is another', /value="regressed"/, 'value="unchanged"'],
    ['a count is another', /failures="1"/, 'failures="0"'],
  ])('is refused when %s', (_, from, to) => {
    expect(xml).toMatch(from);
    expect(() => checkComparisonJunit(xml.replace(from, to), all, 'regressions')).toThrow(/does not say/);
  });
  it('is not that of another comparison, or of another gate', () => {
    expect(() => checkComparisonJunit(xml, comparison(regressed), 'regressions')).toThrow(/number of cases/);
    expect(() => checkComparisonJunit(xml, all, undefined)).toThrow(/kind/);
  });
});

it('gives each property of a suite a name of its own, because Jenkins keeps the last', () => {
  const { suites } = parseJunit(comparisonJunit(comparison(regressed), 'any'));
  const properties = suites[0]?.properties ?? [];
  expect(new Set(properties.map(([name]) => name)).size).toBe(properties.length);
  expect(Object.fromEntries(properties)).toMatchObject({
    'comparison.new': expect.stringContaining('run ') as string,
    'comparison.count.regressed': '1',
  });
});

const hostile = ']]></system-out><failure/><script>alert(1)</script>\u001b[31m';

it('lets container text be text', () => {
  const attack = comparison(
    check({ change: 'changed', differences: [{ what: hostile, before: hostile, after: `${hostile}${hostile}` }] }),
  );
  const page = comparisonHtml(attack, 'any');
  expect(page).not.toContain('<script');
  expect(page).toContain('&lt;script&gt;');
  expect(page).toContain("default-src 'none'; img-src data:; style-src 'sha256-");
  expect(parseXml(page).everything).toContain('<script>');
  const { suites } = parseJunit(comparisonJunit(attack, undefined));
  expect(suites.flatMap((suite) => suite.cases)).toHaveLength(1);
  expect(comparisonReport(attack, 'any', { color: false, width: 100 })).not.toContain('\u001b');
});
