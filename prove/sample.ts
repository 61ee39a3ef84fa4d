import { createHash } from 'node:crypto';
import { bases, nameOf } from '../fixtures/breaches/breach.ts';
import type { Pair } from '../fixtures/breaches/breach.ts';

/** How many of the bases get a broken handler: a pod of a VM takes minutes of an emulated node. */
const basesOfASample = 2;

/**
 * A few pairs that the seed decides: a broken handler under some of the bases, and a broken cluster under one. The same seed
 * gives the same pairs; over many seeds all have their turn.
 */
export function sampleOf(pairs: readonly Pair[], seed: string): Pair[] {
  const shuffled = inOrderOf(seed, pairs, nameOf);
  const handlers = shuffled.filter((pair) => pair.breach.means.on === 'handler');
  const cluster = shuffled.find((pair) => pair.breach.means.on === 'cluster');
  const chosen = inOrderOf(seed, bases, (base) => base).slice(0, basesOfASample);
  return [
    ...chosen.flatMap((base) => handlers.find((pair) => pair.base === base) ?? []),
    ...(cluster ? [cluster] : []),
  ];
}

/** All of them, in an order that the seed decides. */
export function inOrderOf<T>(seed: string, all: readonly T[], name: (one: T) => string): T[] {
  const rank = (one: T) =>
    createHash('sha256')
      .update(`${seed} ${name(one)}`)
      .digest('hex');
  return [...all].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}
