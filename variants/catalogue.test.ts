import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runtimeClasses } from '../fixtures/cluster/objects.ts';
import { loadVariants, selectVariants } from './catalogue.ts';
import { stagesOf } from './stages.ts';
import { readResults } from './store.ts';

const variants = await loadVariants();

describe('the catalogue of variants', () => {
  test.each(variants.map((variant) => [variant.id, variant] as const))('%s tests what it has', (_, variant) => {
    const { changes = {}, node, reference = 'runc' } = variant;
    const known = [...Object.keys(runtimeClasses), ...Object.keys(changes.handlers ?? {})];
    expect(known).toEqual(expect.arrayContaining([...variant.runtimeClasses, reference]));
    expect(variant.runtimeClasses.length).toBeGreaterThan(0);
    // Something differs.
    expect(Object.keys({ ...changes, ...node }).length + Number(variant.userNamespaces ?? 0)).toBeGreaterThan(0);
    for (const { module } of changes.programs ?? [])
      expect(existsSync(join(import.meta.dirname, '../fixtures/variants/modules', module, 'go.mod'))).toBe(true);
  });

  test('shares a cluster only among those that nobody else meets', () => {
    for (const { beside, node, userNamespaces, changes, reference } of variants.filter((one) => one.beside)) {
      expect({ beside, node, userNamespaces, reference }).toEqual({ beside: true });
      expect(changes?.commands).toBeUndefined();
    }
  });

  test('gives every handler a name of its own', () => {
    const names = variants.filter((one) => one.beside).flatMap((one) => Object.keys(one.changes?.handlers ?? {}));
    expect(new Set(names).size).toBe(names.length);
  });

  test('every result that is kept is of a variant that there is', () => {
    const ids = new Set(variants.map(({ id }) => id));
    expect(readResults().filter(({ variant }) => !ids.has(variant as (typeof variants)[number]['id']))).toEqual([]);
  });
});

test('every variant is in one stage, and those beside the usual handlers are in the same', () => {
  const stages = stagesOf(variants);
  expect(
    stages
      .flatMap((stage) => stage.variants)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(variants.map(({ id }) => id).sort());
  for (const { variants: together } of stages.filter((stage) => stage.variants.length > 1))
    expect(together.every(({ beside }) => beside)).toBe(true);
  expect(new Set(stages.map(({ name }) => name)).size).toBe(stages.length);
});

test('globs select, and one that matches nothing is refused', () => {
  expect(selectVariants(variants, ['runtime/gvisor-*']).map(({ id }) => id)).toEqual([
    'runtime/gvisor-ptrace',
    'runtime/gvisor-systrap',
  ]);
  expect(selectVariants(variants, [])).toHaveLength(variants.length);
  expect(() => selectVariants(variants, ['runtime/gone'])).toThrow(
    /--only runtime\/gone matches none of the \d+ variants/,
  );
});
