import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { brokenHandler, defineBreach, nameOf, pairsOf, under } from '../fixtures/breaches/breach.ts';
import { loadCatalogue } from '../harness/catalogue.ts';
import { terminalProgress } from '../harness/progress.ts';
import { readRun } from '../harness/store.ts';
import { seedOfThisCommit } from '../harness/testing/commit.ts';
import { loadBreaches } from './catalogue.ts';
import { confirmed } from './confirmed.ts';
import { exitCodeOf, isCaught } from './outcome.ts';
import { prove } from './prove.ts';
import { sampleOf } from './sample.ts';

const out = mkdtempSync(join(tmpdir(), 'cofferdam-prove-'));
afterAll(() => rmSync(out, { recursive: true }));

/** A handler in which nothing is broken: whoever says that this was caught says so of anything. */
const sound = defineBreach({
  id: 'runtime/nothing-is-broken',
  breaks: 'Nothing.',
  means: brokenHandler({}),
  red: under(['runc'], ['namespace-escape/masked-paths-are-masked']),
});

test('a sample of the breaches, chosen by the commit, is caught, and a sound handler is not', async () => {
  const breaches = await loadBreaches();
  const pairs = breaches.flatMap(pairsOf).filter((pair) => confirmed.includes(nameOf(pair)));
  const sample = sampleOf(pairs, await seedOfThisCommit());
  console.log(`planted: ${sample.map(nameOf).join(', ')}`);
  const record = await prove({
    breaches: [...breaches, sound],
    pairs: [...sample, ...pairsOf(sound)],
    checks: [...(await loadCatalogue()).values()],
    out,
    clusters: ['e2e-prove'],
    progress: terminalProgress(),
    signal: new AbortController().signal,
  });
  const notCaught = record.outcomes.filter((outcome) => !isCaught(outcome));
  expect(
    notCaught.map(({ pair }) => pair),
    JSON.stringify(notCaught, undefined, 2),
  ).toEqual(['runtime/nothing-is-broken@runc']);
  expect(notCaught[0]).toMatchObject({ missed: [{ verdict: 'held' }], alsoRed: [] });
  expect(record.outcomes).toHaveLength(sample.length + 1);
  expect(exitCodeOf(record.outcomes, record.planned.length)).toBe(1);
  expect(record.finished).toBeDefined();
  // The evidence of each is a run like any other.
  for (const { run } of record.outcomes) expect(readRun(join(out, run ?? '')).verdicts.length).toBeGreaterThan(0);
});
