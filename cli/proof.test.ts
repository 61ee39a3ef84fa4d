import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { sha256 } from '../evidence/manifest.ts';
import { catalogueDigest, loadCatalogue } from '../harness/catalogue.ts';
import { meaningVersion } from '../harness/evidence.ts';
import { UsageError } from '../harness/usage.ts';
import { version } from '../harness/version.ts';
import { writeRecord } from '../prove/record.ts';
import type { ProveRecord } from '../prove/record.ts';
import { fakeProof } from '../prove/testing.ts';
import { loadProof, proofIn } from './proof.ts';

const directory = mkdtempSync(join(tmpdir(), 'cofferdam-proof-'));
afterAll(() => rmSync(directory, { recursive: true }));

const ofThisSuite: Partial<ProveRecord> = {
  suite: { name: 'cofferdam', version },
  meaning: meaningVersion,
  checks: catalogueDigest([...(await loadCatalogue()).values()]),
};
const write = (more: Partial<ProveRecord> = {}) => writeRecord(directory, fakeProof({ ...ofThisSuite, ...more }));
beforeEach(() => write());

test('without --proof, nothing is cited', async () => expect(await loadProof(undefined)).toBeUndefined());

test('a proof of this suite is cited by the digest of its file', async () => {
  expect(await loadProof(directory)).toMatchObject({
    sha256: sha256(readFileSync(join(directory, 'prove.json'))),
    caught: 2,
    planned: 2,
  });
});

test.each<[string, () => void, RegExp]>([
  [
    'no proof',
    () => rmSync(join(directory, 'prove.json')),
    /holds no prove\.json: cofferdam prove --out DIR writes one/,
  ],
  ['half a file', () => writeFileSync(join(directory, 'prove.json'), '{'), /prove\.json is not JSON/],
  ['one that was stopped', () => write({ finished: undefined, outcomes: [] }), /is not finished, 2 of 2/],
  ['one of another version', () => write({ suite: { name: 'cofferdam', version: '0.0.1' } }), /of version 0\.0\.1 \(/],
  ['one of another meaning', () => write({ meaning: meaningVersion - 1 }), /of meaning \d+ \(this one has/],
  ['one of other checks', () => write({ checks: 'others' }), /of other checks, by their digest/],
])('%s is refused', async (_, spoil, why) => {
  spoil();
  await expect(loadProof(directory)).rejects.toThrow(UsageError);
  await expect(loadProof(directory)).rejects.toThrow(why);
});

test('a reader can hold a run to a proof of another suite than the one at hand, if it is finished', () => {
  write({ suite: { name: 'cofferdam', version: '0.0.1' }, meaning: 1 });
  expect(proofIn(directory)).toMatchObject({ version: '0.0.1', meaning: 1, cited: { caught: 2 } });
  write({ finished: undefined, outcomes: [] });
  expect(() => proofIn(directory)).toThrow(UsageError);
});
