import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, it } from 'vitest';
import { codeOf, meaningFile, meaningRecord, rules } from '../../scripts/meaning-record.ts';
import type { MeaningRecord } from '../../scripts/meaning-record.ts';
import { meaningVersion } from '../evidence.ts';

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

/** What a file imports to run, of the harness; what it imports for its types alone decides nothing. */
function importsOf(file: string): string[] {
  const source = readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8');
  return [...source.matchAll(/^import (?!type).*from '(\..*)';$/gm)]
    .map(([, module]) => posix.join(posix.dirname(file), module ?? ''))
    .filter((module) => module.startsWith('harness/'));
}

it('is of all that comes to a verdict', () => {
  const reached = new Set(['harness/judge/evaluate.ts']);
  for (const file of reached) for (const module of importsOf(file)) reached.add(module);
  // The schema of the evidence, whose fields the rules name.
  reached.delete('harness/evidence.ts');
  expect(reached.size).toBeGreaterThan(10);
  expect([...reached].filter((file) => !rules().includes(file))).toEqual([]);
});

it('is the meaning that INTERPRETING.md describes and CHANGELOG.md explains', () => {
  const text = (name: string) => readFileSync(join(import.meta.dirname, '..', '..', name), 'utf8');
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
