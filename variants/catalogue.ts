import { join, matchesGlob } from 'node:path';
import { loadByPath } from '../fixtures/by-path.ts';
import { aspects } from '../fixtures/variants/variant.ts';
import type { Variant } from '../fixtures/variants/variant.ts';
import { UsageError } from '../harness/usage.ts';

/** All variants, in the order of their ids. */
export const loadVariants = (): Promise<Variant[]> =>
  loadByPath(join(import.meta.dirname, '..', 'fixtures', 'variants'), aspects, 'variant');

/** The variants that match any of the globs; all without globs. Throws a UsageError on a glob that matches nothing. */
export function selectVariants(all: readonly Variant[], globs: readonly string[]): Variant[] {
  for (const glob of globs) {
    if (!all.some(({ id }) => matchesGlob(id, glob)))
      throw new UsageError(
        `--only ${glob} matches none of the ${all.length} variants; npm run variants -- --list shows them`,
      );
  }
  return globs.length ? all.filter(({ id }) => globs.some((glob) => matchesGlob(id, glob))) : [...all];
}
