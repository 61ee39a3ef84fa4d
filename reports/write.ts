import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalogue } from '../harness/catalogue.ts';
import type { Run } from '../harness/evidence.ts';
import { writeFileWhole } from '../harness/store.ts';
import { formats } from './formats.ts';
import type { Details } from './junit-document.ts';

/** Writes every format into the directory of the run, then reads each back and compares it with the run: throws with the differences. */
export async function writeReports(directory: string, run: Run, details?: Details): Promise<void> {
  const known = details ?? (await loadCatalogue());
  for (const { fileName, render, check } of Object.values(formats)) {
    const file = join(directory, fileName);
    writeFileWhole(file, render(run, known));
    check(readFileSync(file, 'utf8'), run);
  }
}
