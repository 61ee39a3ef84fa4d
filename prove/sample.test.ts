import { expect, test } from 'vitest';
import { nameOf, pairsOf } from '../fixtures/breaches/breach.ts';
import { loadBreaches } from './catalogue.ts';
import { confirmed } from './confirmed.ts';
import { sampleOf } from './sample.ts';

const pairs = (await loadBreaches()).flatMap(pairsOf);
const names = (seed: string) => sampleOf(pairs, seed).map(nameOf);

test('a seed decides, and the order of the pairs does not', () => {
  expect(names('one')).toEqual(names('one'));
  expect(sampleOf([...pairs].reverse(), 'one').map(nameOf)).toEqual(names('one'));
  expect(names('two')).not.toEqual(names('one'));
});

test('it has a broken handler under two bases, and a broken cluster', () => {
  const sample = sampleOf(pairs, 'any');
  expect(new Set(sample.slice(0, 2).map(({ base }) => base)).size).toBe(2);
  expect(sample.map(({ breach }) => breach.means.on)).toEqual(['handler', 'handler', 'cluster']);
});

test('over many seeds all have their turn', () => {
  const seen = new Set(Array.from({ length: 1000 }, (_, seed) => names(`${seed}`)).flat());
  expect(seen.size).toBe(pairs.length);
});

test('what is confirmed is planted still', () => {
  expect(confirmed.filter((name) => !pairs.some((pair) => nameOf(pair) === name))).toEqual([]);
  expect([...confirmed].sort()).toEqual(confirmed);
});
