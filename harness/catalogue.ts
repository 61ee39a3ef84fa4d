import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Check } from './check.ts';
import { selectByGlobs } from './selection.ts';

const suites = join(import.meta.dirname, '..', 'suites');

/** All checks, by id, in the order of their ids. A file that is no check, or whose id is not its path, is an error. */
export async function loadCatalogue(directory = suites): Promise<Map<string, Check>> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() &&
        entry.parentPath !== directory &&
        entry.name.endsWith('.ts') &&
        !entry.name.endsWith('.test.ts'),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const checks = await Promise.all(
    files.map(async (file) => {
      const id = relative(directory, file).replace(/\.ts$/, '');
      const { default: check } = (await import(pathToFileURL(file).href)) as { default?: Check };
      if (!check?.id) throw new Error(`${file} exports no check by default`);
      if (check.id !== id) throw new Error(`${file}: the id is ${check.id}, by its path it must be ${id}`);
      return check;
    }),
  );
  return new Map(checks.map((check) => [check.id, check]));
}

/** The line, from 1, on which the file of each check states its claim: where a reader of a report looks first. */
export const linesOfClaims = (ids: readonly string[], directory = suites): Map<string, number> =>
  new Map(
    ids.map((id) => {
      const lines = readFileSync(join(directory, `${id}.ts`), 'utf8').split('\n');
      return [id, lines.findIndex((line) => line.startsWith('  claim:')) + 1];
    }),
  );

/**
 * The checks that match any of the globs; all without globs. Throws a UsageError on a glob that matches nothing: a typing error would
 * test less.
 */
export function selectChecks(checks: ReadonlyMap<string, Check>, globs: readonly string[]): Check[] {
  const all = [...checks.values()];
  return selectByGlobs(
    { all, namesOf: ({ id }) => [id], are: `${all.length} checks`, shownBy: 'cofferdam list' },
    globs,
  );
}

/** Digest of what the checks say: another digest is another catalogue. */
export const catalogueDigest = (checks: readonly Check[]): string =>
  createHash('sha256').update(JSON.stringify(checks)).digest('hex');
