import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conclude } from '../reports/conclusion.ts';
import { html } from '../reports/html/index.ts';
import { strict } from '../reports/junit-flavours.ts';
import { junit } from '../reports/junit.ts';
import { parseJunit } from '../reports/junit-parse.ts';
import { terminalReport } from '../reports/terminal.ts';
import { fakeDetails, fakeRun, fakeVerdict } from '../reports/testing.ts';
import { testResult } from '../evidence/statement.ts';
import { applyDeviations, parseDeviations } from './deviations.ts';
import type { Deviations } from './deviations.ts';
import type { JudgedCheck, Run } from './evidence.ts';
import { UsageError } from './usage.ts';

const check = 'host-devices/node-disk-cannot-be-opened';
const checks = new Set([check, 'kernel-isolation/boot-id-is-not-the-nodes']);

const entry = `
  - check: ${check}
    handler: kata-qemu
    nodes: pool-a-*
    verdict: breached
    reason: The driver of the vendor needs the disk; ticket 4711.
    acceptedBy: Jo Doe, platform security
    expires: 2027-03-31
`;
const parse = (text: string): Deviations => parseDeviations('/x/accepted.yaml', text, checks);
const deviations = (changes: [string, string][] = []): Deviations =>
  parse(`deviations:${changes.reduce((text, [from, to]) => text.replace(from, to), entry)}`);

const breach = (changes: Partial<JudgedCheck> = {}): JudgedCheck =>
  fakeVerdict({ check, node: 'pool-a-1', verdict: 'breached', reason: 'it was allowed', ...changes });
const held = fakeVerdict({ node: 'pool-a-1' });

const inTime = '2027-03-31T23:59:59.000Z';
const tooLate = '2027-04-01T00:00:00.000Z';
const apply = (verdicts: JudgedCheck[], given = deviations(), at = inTime): Run => ({
  ...fakeRun(verdicts),
  ...applyDeviations(verdicts, given, at),
});

describe('a file of deviations', () => {
  it('is YAML, or JSON', () => {
    const json = parse(JSON.stringify({ deviations: deviations().entries }));
    expect(json.entries).toEqual(deviations().entries);
    expect(json.file).toBe('accepted.yaml');
    expect(deviations([['    nodes: pool-a-*\n', '']]).entries[0]?.nodes).toBe('*');
  });

  it('is as INTERPRETING.md shows it', () => {
    const page = readFileSync(join(import.meta.dirname, '..', 'INTERPRETING.md'), 'utf8');
    const [example = ''] = /^ {4}deviations:\n(?: {4}.*\n)+/m.exec(page) ?? [];
    expect(parse(example.replaceAll(/^ {4}/gm, '')).entries).toMatchObject([{ check, nodes: 'pool-a-*' }]);
  });

  it.each([
    ['no YAML', 'deviations: [', '/x/accepted.yaml: '],
    ['no list', 'deviation: []', 'expected array'],
    ['empty', '', '/x/accepted.yaml: the file: '],
    [
      'an unknown field',
      `deviations:${entry.replace('reason:', 'because:')}`,
      '/x/accepted.yaml, line 2: deviations.0',
    ],
    [
      'no expiry',
      `deviations:${entry.replace(/ +expires.*\n/, '')}`,
      '/x/accepted.yaml, line 2: deviations.0.expires: ',
    ],
    [
      'no day',
      `deviations:${entry.replace('2027-03-31', 'next year')}`,
      '/x/accepted.yaml, line 8: deviations.0.expires: ',
    ],
    ['no such day', `deviations:${entry.replace('2027-03-31', '2027-02-30')}`, 'line 8: deviations.0.expires: '],
    ['a pass', `deviations:${entry.replace('breached', 'held')}`, 'line 5: deviations.0.verdict: '],
    [
      'blanks for a name',
      `deviations:${entry.replace('Jo Doe, platform security', '" "')}`,
      'line 7: deviations.0.acceptedBy: ',
    ],
    ['an alias of nothing', 'deviations: [*a]', '/x/accepted.yaml: Unresolved alias'],
    [
      'an alias of far too much',
      `a: &a [${'x, '.repeat(200)}x]\nb: &b [${'*a, '.repeat(200)}*a]\ndeviations: [*b, *b]`,
      'Excessive alias count',
    ],
    [
      'an unknown check',
      `deviations:${entry.replace('node-disk', 'nodes-disk')}`,
      'line 2: there is no check host-devices/nodes-disk',
    ],
  ])('is refused whole, with the line: %s', (_, text, why) => {
    expect(() => parse(text)).toThrow(UsageError);
    expect(() => parse(text)).toThrow(why);
  });
});

describe('an accepted breach', () => {
  const run = apply([breach(), held]);

  it('stays a breach, fails no run, and the result says so', () => {
    expect(run.verdicts[0]).toMatchObject({ verdict: 'breached', deviation: { expires: '2027-03-31' } });
    expect(run.deviations?.entries[0]).toMatchObject({ state: 'accepted', selected: 1, matched: 1 });
    expect(conclude(run)).toMatchObject({ verdict: 'held', exitCode: 0 });
    expect(conclude(run).sentence).toMatch(/^Conformant but for 1 accepted deviation \(exit code 0\)/);
  });

  it('is in every format', () => {
    const text = terminalReport(run, fakeDetails, { color: false, width: 200 });
    expect(text).toContain('BREACHED');
    expect(text).toContain('accepted until 2027-03-31 by Jo Doe, platform security: The driver of the vendor');
    const [suite] = parseJunit(junit(run, fakeDetails)).suites;
    const found = suite?.cases.find((one) => one.attributes['name'] === check);
    expect(found).toMatchObject({ kind: 'skipped' });
    expect(found?.outcome['message']).toContain('breached, accepted until 2027-03-31 by Jo Doe');
    expect(found?.body).toContain('deviation: accepted until');
    expect(found?.properties).toContainEqual(['verdict', 'breached']);
    expect(suite?.properties).toContainEqual(['deviations.accepted', '1']);
    const [strictSuite] = parseJunit(junit(run, fakeDetails, strict), strict).suites;
    const strictCase = strictSuite?.cases.find((one) => one.attributes['name'] === check);
    expect(strictCase).toMatchObject({ kind: 'skipped', outcome: found?.outcome });
    expect(strictCase?.body).toContain('deviation: accepted until');
    expect(strictSuite?.properties).toContainEqual(['deviations.accepted', '1']);
    const page = html(run, fakeDetails);
    expect(page).toContain('Conformant but for 1 accepted deviation</h1>');
    expect(page).toContain('What did not hold, and is accepted');
    expect(page).toContain('accepted until 2027-03-31 by Jo Doe, platform security: The driver of the vendor');
    expect(page).toContain('(1 verdict)</p>');
    expect(testResult(run)).toMatchObject({
      result: 'WARNED',
      warnedTests: [expect.stringContaining(check)],
      failedTests: [],
    });
  });

  it('is no conformance when nothing else was decided', () => {
    expect(conclude(apply([breach()]))).toMatchObject({ verdict: 'inconclusive', exitCode: 3 });
  });
});

describe('what a deviation does not accept', () => {
  it.each([
    ['another node', breach({ node: 'pool-b-1' })],
    ['another handler', breach({ handler: 'kata-clh' })],
    ['another check', breach({ check: 'kernel-isolation/boot-id-is-not-the-nodes' })],
  ])('is a breach: %s', (_, other) => {
    const run = apply([other, fakeVerdict({ node: 'pool-z' })]);
    expect(run.verdicts.some((one) => one.deviation)).toBe(false);
    expect(conclude(run).exitCode).toBe(1);
    expect(run.deviations?.entries[0]?.state).toBe('not-needed');
  });

  it('is a breach, when it accepts that nothing could be decided', () => {
    expect(
      conclude(apply([breach(), held], deviations([['verdict: breached', 'verdict: inconclusive']]))).exitCode,
    ).toBe(1);
  });

  it('is a breach after its day, which the report says', () => {
    const run = apply([breach(), held], deviations(), tooLate);
    expect(conclude(run).exitCode).toBe(1);
    expect(run.deviations?.entries[0]?.state).toBe('expired');
    expect(terminalReport(run, fakeDetails, { color: false, width: 200 })).toContain(
      'EXPIRED on 2027-03-31, so it accepts nothing',
    );
    expect(
      parseJunit(junit(run, fakeDetails)).suites[0]?.cases.find((one) => one.attributes['name'] === check)?.kind,
    ).toBe('failure');
  });
});

it('says when a deviation is no longer needed', () => {
  const run = apply([breach({ verdict: 'held' }), held]);
  expect(run.deviations?.entries[0]).toMatchObject({ state: 'not-needed', selected: 1, matched: 0 });
  expect(conclude(run).sentence).toMatch(/^Conformant \(exit code 0\)/);
  const text = terminalReport(run, fakeDetails, { color: false, width: 200 });
  expect(text).toContain('no longer needed, because none of the 1 verdicts is breached');
  expect(html(run, fakeDetails)).toContain('no longer needed, because none of the 1 verdicts is breached');
});

it('gives the same when it is applied to its own result', () => {
  const once = apply([breach(), held]);
  expect(applyDeviations(once.verdicts, once.deviations!, inTime)).toEqual({
    verdicts: once.verdicts,
    deviations: once.deviations,
  });
});
