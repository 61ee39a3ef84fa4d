import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { loadCatalogue } from '../harness/catalogue.ts';
import { evaluate } from '../harness/judge/evaluate.ts';
import { meaningVersion, parseRun } from '../harness/evidence.ts';
import type { ContainerEvidence, JudgedCheck, Run } from '../harness/evidence.ts';
import { Journal } from '../harness/journal.ts';
import { writeRun } from '../harness/store.ts';
import { placeReports, writeReports } from '../reports/index.ts';

/**
 * Runs on the disposable cluster, of runsc and runc, as they were written: two of the same thing, of which the second lacks
 * one check, and one of the paths between tenants alone. What checks came to try after they were made was added to the two
 * from a later run on the same kind of node, so that their verdicts are what they were. The fourth is of every check that
 * there was, of runsc, runc and a machine, on a slow node where not everything went well.
 */
export const realRun = (which: 1 | 2 | 3 | 4): Run =>
  parseRun(
    JSON.parse(
      gunzipSync(readFileSync(join(import.meta.dirname, 'testdata', `run-${which}.json.gz`))).toString('utf8'),
    ),
  );

/** Judges as vitest does, without a start of vitest. */
export async function judgeHere(run: Run): Promise<JudgedCheck[]> {
  const checks = await loadCatalogue();
  return run.roster.map((planned) => {
    const check = checks.get(planned.check);
    if (!check) throw new Error(`the test's run has check ${planned.check}, which is gone`);
    return evaluate(check, planned, run, checks);
  });
}

/** A directory that is gone after the test. */
export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'cofferdam-evidence-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/**
 * Writes everything that a run leaves before it is sealed: journal and raw logs, run.json as this version judges it, and
 * reports.
 */
export async function storeRun(directory: string, given: Run): Promise<Run> {
  const run = { ...given, meaning: meaningVersion, verdicts: await judgeHere(given) };
  const journal = new Journal(directory);
  journal.record('started', { run: run.run.id });
  for (const container of run.containers) {
    journal.raw(`${container.pod}.${container.container}`, framed(container));
    const { facts: _, ...recorded } = container;
    journal.record('container', recorded);
  }
  for (const trouble of run.troubles) journal.record('trouble', trouble);
  journal.record('judged', { verdicts: run.verdicts });
  writeRun(directory, run);
  await writeReports(placeReports([], directory), run);
  return run;
}

/** The observations as the probe prints them. */
function framed({ facts, observations, complete }: ContainerEvidence): string {
  const line = (content: unknown, index: number) =>
    `cofferdam/1 ${String(facts['nonce'])} ${index + 1} ${JSON.stringify(content)}\n`;
  const end = complete ? [line({ end: true, count: observations.length }, observations.length)] : [];
  return [...observations.map(line), ...end].join('');
}
