import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileWhole } from '../harness/store.ts';
import { parseResult, resultText } from './result.ts';
import type { Result } from './result.ts';

/** The results that the repository keeps: the latest of each variant. `docs/false-alarms.md` is made from them. */
export const keptIn = join(import.meta.dirname, 'results');

/** Writes a result, whole or not at all, under its variant's id. */
export function writeResult(directory: string, result: Result): void {
  const file = join(directory, `${result.variant}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileWhole(file, resultText(result));
}

/** All results of a directory, by their variants' ids. Throws on a file that is none. */
export function readResults(directory = keptIn): Result[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => parseResult(JSON.parse(readFileSync(file, 'utf8')), file));
}
