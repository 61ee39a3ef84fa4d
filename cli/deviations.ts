import { readFileSync } from 'node:fs';
import { loadCatalogue } from '../harness/catalogue.ts';
import { parseDeviations } from '../harness/deviations.ts';
import type { Deviations } from '../harness/deviations.ts';
import { UsageError } from '../harness/usage.ts';

/** The file of `--deviations`, or undefined without one. Throws a UsageError on a file that is not understood whole. */
export async function loadDeviations(file: string | undefined): Promise<Deviations | undefined> {
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--deviations ${file} cannot be read: ${(error as Error).message}`);
  }
  return parseDeviations(file, text, new Set((await loadCatalogue()).keys()));
}
