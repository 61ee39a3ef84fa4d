import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { codeOf, meaningFile, meaningRecord } from '../scripts/meaning-record.ts';
import type { MeaningRecord } from '../scripts/meaning-record.ts';
import { meaningVersion } from './evidence.ts';

it('has not changed without somebody saying whether a verdict can', () => {
  const recorded = JSON.parse(readFileSync(meaningFile, 'utf8')) as MeaningRecord;
  const now = meaningRecord();
  const files = [...new Set([...Object.keys(recorded.code), ...Object.keys(now.code)])];
  const changed = files.filter((file) => recorded.code[file] !== now.code[file]);
  const next =
    'They decide verdicts. If this edit can turn one verdict into another: raise meaningVersion in harness/evidence.ts and write it into CHANGELOG.md under Meaning. In either case: npm run meaning';
  expect(changed, next).toEqual([]);
  expect(recorded.meaning, 'meaningVersion was raised: npm run meaning records what it means now').toBe(now.meaning);
});

it('is the meaning that INTERPRETING.md describes and CHANGELOG.md explains', () => {
  const text = (name: string) => readFileSync(join(import.meta.dirname, '..', name), 'utf8');
  expect(text('INTERPRETING.md')).toContain(`It describes meaning ${meaningVersion} `);
  expect(text('CHANGELOG.md')).toContain(`- Meaning ${meaningVersion}: `);
});

const check = `
  import { read } from '../../harness/check.ts';
  // why
  export default defineCheck({ id: 'a/b', claim: 'It holds.', attempt: read('/x'), expect: { 'shared-kernel': exposed('by design') } });
`;

it.each([
  ['a comment', check.replace('// why', '/* another reason */')],
  ['layout', check.replace("'a/b', claim", "'a/b',\n   claim")],
  ['what a reader is told', check.replace('It holds.', 'It holds, always.')],
])('does not see %s', (_, edited) => {
  expect(codeOf(edited)).toBe(codeOf(check));
});

it.each([
  ['an attempt', check.replace("'/x'", "'/y'")],
  ['an expectation', check.replace('exposed(', 'contained(')],
  ['a class', check.replace('shared-kernel', 'guest-kernel')],
])('sees %s', (_, edited) => {
  expect(codeOf(edited)).not.toBe(codeOf(check));
});
