import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../harness/catalogue.ts';
import { checksByRequirement, frameworks, requirements, supportMeans } from './index.ts';

const checks = [...(await loadCatalogue()).values()];
const tested = checksByRequirement(checks);

describe('the catalogue and the requirements agree', () => {
  it.each(checks.map((check) => [check.id, check] as const))(
    '%s names requirements that exist, each once',
    (_, check) => {
      expect(check.requirements).not.toEqual([]);
      expect(check.requirements.filter((reference) => !requirements.has(reference))).toEqual([]);
      expect(new Set(check.requirements).size).toBe(check.requirements.length);
    },
  );

  it('says of each requirement that no check names why, and of no other', () => {
    const silent = [...requirements.values()].filter(
      ({ reference, untested }) => tested.get(reference)?.length === 0 && untested === undefined,
    );
    const stale = [...requirements.values()].filter(
      ({ reference, untested }) => tested.get(reference)?.length !== 0 && untested !== undefined,
    );
    expect(silent.map((one) => one.reference)).toEqual([]);
    expect(stale.map((one) => one.reference)).toEqual([]);
  });
});

describe('the data', () => {
  it('has each framework once, and in a spelling that a reference can be taken apart by', () => {
    expect(new Set(frameworks.map(({ key }) => key)).size).toBe(frameworks.length);
    for (const { key, version, source } of frameworks) {
      expect(key).toMatch(/^[a-z0-9-]+$/);
      expect(version).toMatch(/^[a-z0-9.-]+$/);
      expect(source).toMatch(/^https:\/\//);
    }
  });

  it.each([...requirements.values()].map((one) => [one.reference, one] as const))('%s is a sentence', (_, one) => {
    expect(one.asks).toMatch(/^[A-Z].*\.$/);
    expect(one.asks.length).toBeLessThan(140);
    expect(Object.keys(supportMeans)).toContain(one.support);
    if (one.untested !== undefined) expect(one.untested).toMatch(/^[A-Z].*[^.]$/);
  });
});

it('turns references round, unknown ones included', () => {
  const found = checksByRequirement([
    { id: 'a/one', requirements: ['nist-800-53@5.1.1#SC-39', 'some@1#2'] },
    { id: 'a/two', requirements: ['nist-800-53@5.1.1#SC-39'] },
  ]);
  expect(found.get('nist-800-53@5.1.1#SC-39')).toEqual(['a/one', 'a/two']);
  expect(found.get('some@1#2')).toEqual(['a/one']);
  expect(found.get('gdpr@2016-679#32(1)(d)')).toEqual([]);
});
