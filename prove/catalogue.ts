import { readdirSync } from 'node:fs';
import { join, matchesGlob, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nameOf, pairsOf } from '../fixtures/breaches/breach.ts';
import type { Breach, Pair } from '../fixtures/breaches/breach.ts';

const breaches = join(import.meta.dirname, '..', 'fixtures', 'breaches');
const levels = ['runtime', 'configuration', 'cluster', 'history'];

/** All breaches, in the order of their ids. A file that is none, or whose id is not its path, is an error. */
export async function loadBreaches(): Promise<Breach[]> {
  const files = levels
    .flatMap((level) => readdirSync(join(breaches, level)).map((name) => join(breaches, level, name)))
    .filter((file) => file.endsWith('.ts'))
    .sort();
  return Promise.all(
    files.map(async (file) => {
      const id = relative(breaches, file).replace(/\.ts$/, '');
      const { default: breach } = (await import(pathToFileURL(file).href)) as { default?: Breach };
      if (!breach?.id) throw new Error(`${file} exports no breach by default`);
      if (breach.id !== id) throw new Error(`${file}: the id is ${breach.id}, by its path it must be ${id}`);
      return breach;
    }),
  );
}

/**
 * The pairs that match any of the globs, by `runtime/no-seccomp` or `runtime/no-seccomp@runc`; all without globs. Throws a
 * RangeError on a glob that matches nothing: a typing error would prove less.
 */
export function selectPairs(all: readonly Breach[], globs: readonly string[]): Pair[] {
  const pairs = all.flatMap(pairsOf);
  const fits = (pair: Pair, glob: string) => matchesGlob(pair.breach.id, glob) || matchesGlob(nameOf(pair), glob);
  for (const glob of globs) {
    if (!pairs.some((pair) => fits(pair, glob)))
      throw new RangeError(
        `--only ${glob} matches none of the ${all.length} breaches; cofferdam prove --list shows them`,
      );
  }
  return globs.length ? pairs.filter((pair) => globs.some((glob) => fits(pair, glob))) : pairs;
}
