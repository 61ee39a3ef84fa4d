import { expect, test } from 'vitest';
import { UsageError } from '../harness/usage.ts';
import { citationOf, demandProofOf } from './cite.ts';
import type { ProveRecord, StoredRecord } from './record.ts';
import { fakeOutcome, fakeProof } from './testing.ts';

const stored = (more: Partial<ProveRecord> = {}): StoredRecord => ({
  file: 'DIR/prove.json',
  sha256: 'f00d',
  record: fakeProof(more),
});
const suite = { version: '1.2.3', meaning: 1, checks: 'digest of the checks' };

test('a run says of a proof how much was caught, where, and of which file it speaks', () => {
  expect(citationOf(stored())).toEqual({
    sha256: 'f00d',
    finished: '2026-01-02T04:05:06.000Z',
    caught: 2,
    planned: 2,
    node: fakeProof().node,
  });
});

test('what was missed, also red or not planted counts as not caught', () => {
  const told = { check: 'a/one', verdict: 'held', reason: '' } as const;
  const pairs = ['a@runc', 'b@runc', 'c@runc', 'd@runc'];
  const outcomes = [
    fakeOutcome('a@runc', { missed: [told] }),
    fakeOutcome('b@runc', { alsoRed: [told] }),
    fakeOutcome('c@runc', { notPlanted: 'no compiler' }),
    fakeOutcome('d@runc'),
  ];
  expect(citationOf(stored({ planned: pairs, outcomes }))).toMatchObject({ caught: 1, planned: 4 });
});

test.each<[string, Partial<ProveRecord>, string]>([
  [
    'was stopped',
    { finished: undefined, outcomes: [fakeOutcome('a@runc')] },
    'DIR/prove.json is not finished, 1 of 2 breaches are left: the command that began it goes on with it',
  ],
  [
    'says that it is finished, and is not',
    { outcomes: [fakeOutcome('a@runc')] },
    'DIR/prove.json is not finished, 1 of 2 breaches are left: the command that began it goes on with it',
  ],
  [
    'could plant nothing',
    { node: undefined },
    'DIR/prove.json proves nothing, because none of its breaches could be planted: it says why of each',
  ],
])('one that %s is not cited', (_, more, why) => {
  expect(() => citationOf(stored(more))).toThrow(new UsageError(why));
});

test('a proof of this very suite is taken, on whatever node it was made', () => {
  expect(() => demandProofOf(suite, stored())).not.toThrow();
  expect(() => demandProofOf(suite, stored({ node: { ...fakeProof().node!, kernel: '5.15.0' } }))).not.toThrow();
});

test.each<[string, Partial<ProveRecord>, string]>([
  ['version', { suite: { name: 'cofferdam', version: '1.2.2' } }, 'of version 1.2.2 (this one is 1.2.3)'],
  ['meaning', { meaning: 2 }, 'of meaning 2 (this one has 1)'],
  ['catalogue', { checks: 'others' }, 'of other checks, by their digest'],
  [
    'meaning and catalogue',
    { meaning: 2, checks: 'others' },
    'of meaning 2 (this one has 1), of other checks, by their digest',
  ],
])('one of another %s is refused, with what to do', (_, more, why) => {
  expect(() => demandProofOf(suite, stored(more))).toThrow(
    new UsageError(
      `DIR/prove.json is of another suite than this one: ${why}. Make a proof of this one: cofferdam prove --out NEW`,
    ),
  );
});
