import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bases, nameOf, pairsOf, runtimeClassOf } from '../fixtures/breaches/breach.ts';
import { withoutBreach } from '../fixtures/breaches/without-breach.ts';
import { loadCatalogue } from '../harness/catalogue.ts';
import { loadBreaches, selectPairs } from './catalogue.ts';
import { claims } from './claims.ts';
import { checksOf } from './stages.ts';

const root = join(import.meta.dirname, '..');
const breaches = await loadBreaches();
const pairs = breaches.flatMap(pairsOf);
const checks = await loadCatalogue();

describe('the catalogue of breaches', () => {
  test('has 35 breaches, 60 pairs, and 12 under each handler at least', () => {
    expect(breaches.length).toBeGreaterThanOrEqual(35);
    expect(pairs.length).toBeGreaterThanOrEqual(60);
    for (const base of bases) expect(pairs.filter((pair) => pair.base === base).length).toBeGreaterThanOrEqual(12);
  });

  test('has a breach for every check, or the reason why there is none', () => {
    const red = new Set(pairs.flatMap((pair) => pair.expected));
    const missing = [...checks.keys()].filter((id) => !red.has(id));
    expect(missing.sort()).toEqual(Object.keys(withoutBreach).sort());
  });

  test.each(pairs.map((pair) => [nameOf(pair), pair] as const))(
    '%s names checks that can be breached there',
    (_, pair) => {
      expect(pair.expected.length).toBeGreaterThan(0);
      const made = checksOf(pair, [...checks.values()]).map((check) => check.id);
      for (const id of pair.breach.besides ?? []) expect(made).toContain(id);
      for (const id of pair.expected) {
        // A boundary that the class does not claim can only be exposed.
        expect(['stopped', 'not-applicable'], id).toContain(checks.get(id)?.expect[claims[pair.base]].kind);
        expect(made).toContain(id);
      }
    },
  );

  test('gives every broken handler a name that Kubernetes takes, and no two the same', () => {
    const names = pairs.filter(({ breach }) => breach.means.on === 'handler').map(runtimeClassOf);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
  });
});

describe('selectPairs', () => {
  test('takes breaches with and without their handler', () => {
    expect(selectPairs(breaches, ['runtime/capability-is-added'])).toHaveLength(3);
    expect(selectPairs(breaches, ['runtime/capability-is-added@gvisor']).map(nameOf)).toEqual([
      'runtime/capability-is-added@gvisor',
    ]);
    expect(selectPairs(breaches, [])).toHaveLength(pairs.length);
  });

  test('takes the examples of README and --help', () => {
    const shown = ['README.md', 'cli/prove.ts'].map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
    const prove = shown.split('\n').filter((line) => /prove.*--only|breaches whose id matches/.test(line));
    const examples = prove.flatMap((line) => [...line.matchAll(/"([^"]*\*[^"]*)"/g)].map(([, glob = '']) => glob));
    expect(examples.length).toBeGreaterThanOrEqual(4);
    for (const glob of examples) expect(selectPairs(breaches, [glob]), glob).not.toHaveLength(0);
  });

  test('refuses a glob that matches nothing', () => {
    expect(() => selectPairs(breaches, ['runtime/no-such-thing'])).toThrow(
      /--only runtime\/no-such-thing matches none of the \d+ breaches; cofferdam prove --list shows them/,
    );
  });
});
