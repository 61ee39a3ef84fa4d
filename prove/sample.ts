import { createHash } from 'node:crypto';
import { bases, nameOf } from '../fixtures/breaches/breach.ts';
import type { Pair } from '../fixtures/breaches/breach.ts';

/**
 * A few pairs that the seed decides: a broken handler under each base, and a broken cluster under one. The same seed gives
 * the same pairs; over many seeds all have their turn.
 */
export function sampleOf(pairs: readonly Pair[], seed: string): Pair[] {
  const rank = (pair: Pair) =>
    createHash('sha256')
      .update(`${seed} ${nameOf(pair)}`)
      .digest('hex');
  const shuffled = [...pairs].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const handlers = shuffled.filter((pair) => pair.breach.means.on === 'handler');
  const cluster = shuffled.find((pair) => pair.breach.means.on === 'cluster');
  return [...bases.flatMap((base) => handlers.find((pair) => pair.base === base) ?? []), ...(cluster ? [cluster] : [])];
}
