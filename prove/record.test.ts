import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../harness/usage.ts';
import { goOnWith, readRecord, writeRecord } from './record.ts';
import type { ProveRecord } from './record.ts';
import { fakeOutcome as outcome, fakeRecord as record } from './testing.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cofferdam-record-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

test('what was written is read back', () => {
  const written = record({ outcomes: [outcome('a@runc')] });
  writeRecord(directory, written);
  expect(readRecord(directory)).toEqual(written);
});

test('a directory without a record has none', () => expect(readRecord(join(directory, 'nothing'))).toBeUndefined());

test.each([
  ['half a file', '{"schema": 1, ', /prove\.json is not JSON/],
  ["another program's file", '{"schema": 1, "results": []}', /prove\.json: /],
  ['a newer record', JSON.stringify({ ...record(), schema: 2 }), /prove\.json: schema: /],
  [
    'a word that is no verdict',
    JSON.stringify(
      record({ outcomes: [outcome('a', { missed: [{ check: 'x', verdict: 'passed' as never, reason: '' }] })] }),
    ),
    /outcomes\.0\.missed\.0\.verdict/,
  ],
])('%s is refused with what and where', (_, text, message) => {
  writeFileSync(join(directory, 'prove.json'), text);
  expect(() => readRecord(directory)).toThrow(UsageError);
  expect(() => readRecord(directory)).toThrow(message);
});

test('a stopped prove goes on with what it has, and tries again what could not be planted', () => {
  const stored = record({
    outcomes: [outcome('a@runc'), outcome('b@runc', { notPlanted: 'no compiler' })],
    finished: '2026-12-01T00:00:00.000Z',
  });
  expect(goOnWith(stored, record({ started: '2027-01-01T00:00:00.000Z' }), 'DIR')).toEqual({
    ...stored,
    finished: undefined,
    outcomes: [outcome('a@runc')],
  });
});

test.each([
  ['checks', { checks: 'others' }],
  ['breaches', { breaches: 'others' }],
  ['meaning', { meaning: 2 }],
  ['planned', { planned: ['a@runc'] }],
  ['suite', { suite: { name: 'cofferdam', version: '2.0.0' } }],
] as const)('a prove whose %s differ is not gone on with', (name, other) => {
  expect(() => goOnWith(record(other as Partial<ProveRecord>), record(), 'DIR')).toThrow(
    `--out DIR holds a prove that cannot be gone on with, because its ${name} differ`,
  );
});
