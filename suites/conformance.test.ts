import { expect, test } from 'vitest';
import { loadCatalogue } from '../harness/catalogue.ts';
import { evaluate } from '../harness/judge/evaluate.ts';
import { readRun } from '../harness/store.ts';
import { toHold } from './to-hold.ts';

/**
 * Judges the stored run in the directory COFFERDAM_RUN: one test a check and cell, so that vitest's filters, watch mode
 * and editors work on evidence. Nothing here touches a cluster.
 */
const directory = process.env['COFFERDAM_RUN'];
if (!directory)
  throw new Error('COFFERDAM_RUN must name the directory of a run, such as one that `cofferdam run --out DIR` wrote');

expect.extend({ toHold });

const run = readRun(directory);
const checks = await loadCatalogue();

for (const [index, planned] of run.roster.entries()) {
  test(`${planned.check} · ${planned.path ?? planned.cell}`, ({ task, skip }) => {
    // Known before anything can throw, so that an error is told with the check that it belongs to.
    task.meta.planned = index;
    const check = checks.get(planned.check);
    if (!check) throw new Error(`this version of cofferdam has no check ${planned.check}`);
    const verdict = evaluate(check, planned, run, checks);
    task.meta.verdict = verdict;
    if (verdict.verdict === 'exposed' || verdict.verdict === 'not-applicable')
      skip(`${verdict.verdict}: ${verdict.reason}`);
    expect(verdict).toHold();
  });
}
