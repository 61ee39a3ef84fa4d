import { join, matchesGlob } from 'node:path';
import { nameOf, pairsOf } from '../fixtures/breaches/breach.ts';
import type { Breach, Pair } from '../fixtures/breaches/breach.ts';
import { loadByPath } from '../fixtures/by-path.ts';
import { UsageError } from '../harness/usage.ts';

const breaches = join(import.meta.dirname, '..', 'fixtures', 'breaches');

/** All breaches, in the order of their ids. */
export const loadBreaches = (): Promise<Breach[]> =>
  loadByPath(breaches, ['runtime', 'configuration', 'cluster', 'history'], 'breach');

/**
 * The pairs that match any of the globs, by `runtime/system-calls-are-not-filtered` or
 * `runtime/system-calls-are-not-filtered@runc`; all without globs. Throws a UsageError on a glob that matches nothing: a
 * typing error would prove less.
 */
export function selectPairs(all: readonly Breach[], globs: readonly string[]): Pair[] {
  const pairs = all.flatMap(pairsOf);
  const fits = (pair: Pair, glob: string) => matchesGlob(pair.breach.id, glob) || matchesGlob(nameOf(pair), glob);
  for (const glob of globs) {
    if (!pairs.some((pair) => fits(pair, glob)))
      throw new UsageError(
        `--only ${glob} matches none of the ${all.length} breaches; cofferdam prove --list shows them`,
      );
  }
  return globs.length ? pairs.filter((pair) => globs.some((glob) => fits(pair, glob))) : pairs;
}
