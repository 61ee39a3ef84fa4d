import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { linesOfClaims, loadCatalogue } from '../harness/catalogue.ts';
import type { Run } from '../harness/evidence.ts';
import { writeFileWhole } from '../harness/store.ts';
import { describeChecks } from './details.ts';
import type { Details } from './details.ts';
import type { PlacedReport } from './place.ts';

/**
 * Renders every report, then writes them, then reads each back and compares it with the run. Throws with the
 * differences; when one cannot be rendered, none is written.
 */
export async function writeReports(reports: readonly PlacedReport[], run: Run, details?: Details): Promise<void> {
  const known = details ?? (await detailsAtHand());
  const rendered = reports.map((report) => ({ ...report, text: report.format.render(run, known) }));
  for (const { file, text } of rendered) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileWhole(file, text);
  }
  for (const { file, format } of rendered) format.check(readFileSync(file, 'utf8'), run);
}

/** What reports can say of the checks of the catalogue at hand. */
export async function detailsAtHand(): Promise<Details> {
  const checks = await loadCatalogue();
  return describeChecks(checks, linesOfClaims([...checks.keys()]));
}
