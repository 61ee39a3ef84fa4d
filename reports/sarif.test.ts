import { describe, expect, it } from 'vitest';
import type { JudgedCheck, Run } from '../harness/evidence.ts';
import { checkSarif, sarif } from './sarif.ts';
import { fakeAccepted, fakeDetails, fakeRun, fakeVerdict } from './testing.ts';

interface Log {
  runs: [
    {
      tool: { driver: { rules: { id: string; shortDescription: { text: string }; properties: object }[] } };
      invocations: [
        {
          executionSuccessful: boolean;
          exitCode: number;
          toolExecutionNotifications: { descriptor: { id: string } }[];
        },
      ];
      results: {
        ruleId: string;
        ruleIndex: number;
        level: string;
        message: { text: string };
        locations: [{ physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }];
        partialFingerprints: Record<string, string>;
        suppressions: { kind: string; status: string; justification: string }[];
      }[];
    },
  ];
}

const write = (verdicts: JudgedCheck[], changes: Partial<Run> = {}) =>
  (JSON.parse(sarif(fakeRun(verdicts, changes), fakeDetails)) as Log).runs[0];

it('has what failed, and nothing else', () => {
  const { results, tool } = write([
    fakeVerdict(),
    fakeVerdict({ node: 'node-b', verdict: 'inconclusive', reason: 'no answer came' }),
    fakeVerdict({ check: 'host-devices/x', verdict: 'breached', reason: 'the node answered' }),
    fakeVerdict({ node: 'node-c', verdict: 'breached', reason: 'so did this' }),
    fakeVerdict({ handler: 'runc', verdict: 'exposed' }),
    fakeVerdict({ handler: 'runsc', verdict: 'not-applicable' }),
  ]);
  expect(results.map((one) => [one.ruleId, one.level, one.message.text])).toEqual([
    ['kernel-isolation/boot-id-is-not-the-nodes', 'warning', 'inconclusive, kata-qemu on node-b: no answer came'],
    ['host-devices/x', 'error', 'breached, kata-qemu on node-a: the node answered'],
    ['kernel-isolation/boot-id-is-not-the-nodes', 'error', 'breached, kata-qemu on node-c: so did this'],
  ]);
  expect(results.map((one) => tool.driver.rules[one.ruleIndex]?.id)).toEqual(results.map((one) => one.ruleId));
  expect(tool.driver.rules[0]?.shortDescription.text).toBe(
    "The pod runs on a kernel that booted separately from the node's.",
  );
});

it('points at the line that states the claim, or at the first where the lines are not at hand', () => {
  const { results } = write([
    fakeVerdict({ verdict: 'breached' }),
    fakeVerdict({ check: 'host-devices/x', verdict: 'breached' }),
  ]);
  expect(results.map(({ locations: [{ physicalLocation }] }) => physicalLocation.region.startLine)).toEqual([6, 1]);
});

it('refuses a result that points elsewhere than the others of its check', () => {
  const run = fakeRun([fakeVerdict({ verdict: 'breached' }), fakeVerdict({ verdict: 'breached', node: 'node-b' })]);
  const written = sarif(run, fakeDetails);
  expect(() => checkSarif(written, run)).not.toThrow();
  expect(() => checkSarif(written.replace('"startLine": 6', '"startLine": 7'), run)).toThrow(/startLine/);
});

it('has an empty list of results when nothing failed, which closes what was open', () => {
  expect(write([fakeVerdict()]).results).toEqual([]);
});

it('tells results apart, and knows them again in another run', () => {
  const prints = (verdicts: JudgedCheck[], changes = {}) =>
    write(verdicts, changes).results.map((one) => one.partialFingerprints['primaryLocationLineHash']);
  const breached = { verdict: 'breached' } as const;
  const judged = [
    fakeVerdict(breached),
    fakeVerdict({ ...breached, node: 'node-b' }),
    fakeVerdict({ ...breached, handler: 'runsc' }),
    fakeVerdict({ ...breached, to: { node: 'node-a', handler: 'runc' } }),
  ];
  expect(new Set(prints(judged)).size).toBe(4);
  const later = { run: { ...fakeRun([]).run, id: '5e6f7a8b', started: '2027-01-01T00:00:00Z' } };
  expect(
    prints(
      judged.map((one) => ({ ...one, reason: 'another' })),
      later,
    ),
  ).toEqual(prints(judged));
});

it('suppresses what somebody accepts, and nothing else', () => {
  const { verdicts, deviations } = fakeAccepted();
  const { results, invocations } = write([fakeVerdict({ node: 'node-b', verdict: 'breached' }), ...verdicts], {
    deviations,
  });
  expect(results.map((one) => one.level)).toEqual(['error', 'error']);
  expect(results.map((one) => one.suppressions)).toEqual([
    [],
    [
      expect.objectContaining({
        kind: 'external',
        status: 'accepted',
        justification: 'accepted until 2027-03-31 by Jo Doe: Ticket 4711.',
      }),
    ],
  ]);
  expect(invocations[0].exitCode).toBe(1);
});

it('does not call a run successful that did not come to its end', () => {
  const { invocations } = write([], { run: { ...fakeRun([]).run, interrupted: 'SIGTERM' } });
  expect(invocations[0]).toMatchObject({ executionSuccessful: false, exitCode: 3 });
  expect(invocations[0].toolExecutionNotifications.map((one) => one.descriptor.id)).toEqual([
    'run-came-to-its-end',
    'some-check-was-decided',
  ]);
});

describe('text of a container', () => {
  const text = (reason: string) => write([fakeVerdict({ verdict: 'breached', reason })]).results[0]!.message.text;

  it('is no placeholder of a message', () => {
    expect(text('{0} and {1}')).toMatch(/: \{\{0\}\} and \{\{1\}\}$/);
  });

  it('is no link of a message', () => {
    expect(text('[click](https://example.invalid) [a][b](c)')).not.toContain('](');
  });

  it('leads to no file outside', () => {
    const [result] = write([fakeVerdict({ verdict: 'breached', check: '../../../etc/passwd' })]).results;
    expect(result!.locations[0].physicalLocation.artifactLocation.uri).toMatch(/^suites\/[A-Za-z0-9~/-]+\.ts$/);
  });
});
