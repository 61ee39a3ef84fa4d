import { describe, expect, it } from 'vitest';
import type { JudgedCheck, Run } from '../harness/evidence.ts';
import { openReports } from './openreports.ts';
import { fakeAccepted, fakeDetails, fakeRun, fakeVerdict } from './testing.ts';

interface Report {
  metadata: { name: string };
  scope: { kind: string; name: string };
  summary: Record<string, number>;
  results: { result: string; scored: boolean; resources: { name: string }[]; properties: Record<string, string> }[];
}

const write = (verdicts: JudgedCheck[], changes: Partial<Run> = {}) =>
  (JSON.parse(openReports(fakeRun(verdicts, changes), fakeDetails)) as { items: Report[] }).items;

it.each([
  ['held', 'pass', true],
  ['breached', 'fail', true],
  ['inconclusive', 'error', true],
  ['exposed', 'warn', false],
  ['not-applicable', 'skip', true],
] as const)('%s is %s, scored: %s', (verdict, result, scored) => {
  const [report] = write([fakeVerdict({ verdict })]);
  expect(report!.results).toMatchObject([{ result, scored }]);
  expect(report!.summary).toEqual({ pass: 0, fail: 0, warn: 0, error: 0, skip: 0, [result]: 1 });
});

it('warns of what somebody accepts, which stays what it is', () => {
  const { verdicts, deviations } = fakeAccepted();
  const [report] = write(verdicts, { deviations });
  expect(report!.results).toMatchObject([
    { result: 'warn', scored: false, properties: { verdict: 'breached', 'deviation.acceptedBy': 'Jo Doe' } },
  ]);
  expect(report!.summary).toMatchObject({ fail: 0, warn: 1 });
});

it('has a report for each cell, about its node', () => {
  const reports = write([
    fakeVerdict(),
    fakeVerdict({ node: 'node-b' }),
    fakeVerdict({ handler: 'runc', to: { node: 'node-b', handler: 'kata-qemu' } }),
    fakeVerdict({ check: 'host-devices/x' }),
  ]);
  expect(reports.map((one) => [one.scope.name, one.results.length])).toEqual([
    ['node-a', 2],
    ['node-b', 1],
    ['node-a', 1],
  ]);
  expect(reports[2]!.results[0]).toMatchObject({
    resources: [{ name: 'node-a' }, { name: 'node-b' }],
    properties: { toHandler: 'kata-qemu', toNode: 'node-b' },
  });
});

describe('the name of a report', () => {
  const name = (handler: string, node: string) => write([fakeVerdict({ handler, node })])[0]!.metadata.name;

  it.each([
    ['kata-qemu', 'node-a.example.com'],
    ['(default)', 'node-a'],
    ['---', '...'],
    ['Ünïcode\u202e', '../../etc'],
    ['x'.repeat(300), 'y'.repeat(300)],
    ['', ''],
  ])('is one that Kubernetes takes: %s on %s', (handler, node) => {
    expect(name(handler, node)).toMatch(/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
  });

  it('is the same in the next run, and another for another cell', () => {
    expect(name('kata', 'a')).toBe(name('kata', 'a'));
    expect(new Set([name('a-b', 'c'), name('a', 'b-c'), name('A-b', 'c'), name('a.b', 'c')]).size).toBe(4);
  });
});
