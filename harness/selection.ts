import { matchesGlob } from 'node:path';
import { UsageError } from './usage.ts';

/** What `--only` selects from. */
interface Selectable<T> {
  all: readonly T[];
  /** By which one of them may be named. */
  namesOf: (one: T) => readonly string[];
  /** What they are, with their number: `12 variants`. */
  are: string;
  /** The command that shows them all. */
  shownBy: string;
}

/**
 * Those that match any of the globs; all without globs. Throws a UsageError on a glob that matches nothing: a typing error
 * would leave something out.
 */
export function selectByGlobs<T>({ all, namesOf, are, shownBy }: Selectable<T>, globs: readonly string[]): T[] {
  const fits = (one: T, glob: string) => namesOf(one).some((name) => matchesGlob(name, glob));
  for (const glob of globs) {
    if (!all.some((one) => fits(one, glob)))
      throw new UsageError(`--only ${glob} matches none of the ${are}; ${shownBy} shows them`);
  }
  return all.filter((one) => globs.length === 0 || globs.some((glob) => fits(one, glob)));
}
