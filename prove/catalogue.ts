import { join } from 'node:path';
import { nameOf, pairsOf } from '../fixtures/breaches/breach.ts';
import type { Breach, Pair } from '../fixtures/breaches/breach.ts';
import { loadByPath } from '../fixtures/by-path.ts';
import { selectByGlobs } from '../harness/selection.ts';

const directory = join(import.meta.dirname, '..', 'fixtures', 'breaches');

/** All breaches, in the order of their ids. */
export const loadBreaches = (): Promise<Breach[]> =>
  loadByPath(directory, ['runtime', 'configuration', 'cluster', 'history'], 'breach');

/**
 * The pairs that match any of the globs, by `runtime/system-calls-are-not-filtered` or
 * `runtime/system-calls-are-not-filtered@runc`; all without globs. Throws a UsageError on a glob that matches nothing: a
 * typing error would prove less.
 */
export function selectPairs(breaches: readonly Breach[], globs: readonly string[]): Pair[] {
  const all = breaches.flatMap(pairsOf);
  const are = `${breaches.length} breaches`;
  return selectByGlobs(
    { all, namesOf: (pair) => [pair.breach.id, nameOf(pair)], are, shownBy: 'cofferdam prove --list' },
    globs,
  );
}
