import { join } from 'node:path';
import { loadByPath } from '../fixtures/by-path.ts';
import { aspects } from '../fixtures/variants/variant.ts';
import type { Variant } from '../fixtures/variants/variant.ts';
import { selectByGlobs } from '../harness/selection.ts';

/** All variants, in the order of their ids. */
export const loadVariants = (): Promise<Variant[]> =>
  loadByPath(join(import.meta.dirname, '..', 'fixtures', 'variants'), aspects, 'variant');

/** The variants that match any of the globs; all without globs. Throws a UsageError on a glob that matches nothing. */
export function selectVariants(all: readonly Variant[], globs: readonly string[]): Variant[] {
  return selectByGlobs(
    { all, namesOf: ({ id }) => [id], are: `${all.length} variants`, shownBy: 'npm run variants -- --list' },
    globs,
  );
}
