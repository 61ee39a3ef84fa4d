import type { Command } from 'commander';
import { relative, resolve } from 'node:path';
import { resealing } from '../evidence/reseal.ts';
import { placeReports, writeReports } from '../reports/index.ts';
import type { ReportRequest } from '../reports/index.ts';
import { loadRun } from './load.ts';
import { withReports } from './options.ts';
import { print } from './output.ts';

export function addReport(program: Command): void {
  withReports(program.command('report <dir>'))
    .description('make the reports of a stored run again')
    .addHelpText(
      'after',
      `
Reads DIR/run.json and writes into DIR, or where --report says; the verdicts stay as they are (cofferdam judge DIR
judges again). A run.json that is damaged, or of another schema, is refused, and nothing is written. A sealed DIR is
sealed anew, unless something else in it was changed. Into a signed one nothing is written: name a PATH elsewhere.

Exit codes: 0 written, 2 usage, not a readable run, or DIR must stay as it is.`,
    )
    .action(async (directory: string, { report: requests }: { report: ReportRequest[] }) => {
      for (const file of await report(directory, requests)) print(relative('', file));
    });
}

/** Makes the reports that were asked for, and returns their files. */
export async function report(directory: string, requests: readonly ReportRequest[]): Promise<string[]> {
  const from = resolve(directory);
  const run = loadRun(from);
  const reports = placeReports(requests, from);
  const files = reports.map(({ file }) => file);
  await resealing(from, run.run.id, files, () => writeReports(reports, run));
  return files;
}
