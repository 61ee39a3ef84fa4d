import { describe, expect, test } from 'vitest';
import { profiles } from '../fixtures/profiles.ts';
import { loadCatalogue } from './catalogue.ts';
import { resolveAttempt } from './attempt.ts';
import type { Cell } from './evidence.ts';
import { makePlan } from './plan.ts';

const checks = [...(await loadCatalogue()).values()];
const cell = (handler: string, node: string, rest: Partial<Cell> = {}): Cell => ({
  id: `${handler}/${node}`,
  node,
  handler,
  runtimeClass: handler,
  isolationClass: 'shared-kernel',
  claimedBy: 'test',
  tested: true,
  reference: false,
  ...rest,
});
const cells = [cell('runc', 'a', { reference: true }), cell('runsc', 'a', { isolationClass: 'application-kernel' })];
const plan = makePlan(checks, cells);

describe('a plan', () => {
  test('has at most six pods a cell beside the network’s', () => {
    for (const one of cells) {
      const own = [...plan.subjects, ...plan.witnesses].filter((pod) => pod.cell.id === one.id);
      expect(own.length).toBeLessThanOrEqual(6);
    }
  });
  test('never runs a reference-only profile under another handler', () => {
    for (const pod of plan.subjects.filter((one) => !one.cell.reference)) {
      for (const container of pod.containers) expect(profiles[container.profile].referenceOnly).toBeUndefined();
    }
  });
  test('has every check once a cell, or once a path', () => {
    const keys = plan.roster.map((one) => `${one.check} ${one.cell} ${one.path ?? ''}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const check of checks.filter((one) => one.scope !== 'path'))
      expect(plan.roster.filter((one) => one.check === check.id)).toHaveLength(2);
    for (const check of checks.filter((one) => one.scope === 'path'))
      expect(plan.roster.filter((one) => one.check === check.id)).toHaveLength(4);
  });
  test('makes every attempt of every check in its subject, and its control under the reference', () => {
    for (const check of checks.filter((one) => one.scope === 'cell')) {
      for (const one of cells) {
        const subject = plan.subjects
          .flatMap((pod) => (pod.cell.id === one.id ? pod.containers : []))
          .find((container) => container.profile === check.subject);
        expect(subject?.attempts, check.id).toEqual(expect.arrayContaining([...check.attempts]));
      }
      const control = plan.subjects
        .flatMap((pod) => (pod.cell.reference ? pod.containers : []))
        .find((container) => container.profile === check.control.profile);
      expect(control?.attempts, check.id).toEqual(
        expect.arrayContaining(check.control.attempt ? [check.control.attempt] : [...check.attempts]),
      );
    }
  });
  test('of no checks at all has no verdicts', () => {
    expect(makePlan([], cells).roster).toEqual([]);
  });
  test('of path checks alone needs no witness and no subjects', () => {
    const network = makePlan(
      checks.filter((check) => check.scope === 'path'),
      cells,
    );
    expect([network.witnesses.length, network.subjects.length]).toEqual([0, 0]);
    expect(network.clients).toHaveLength(2);
  });
  test('tells containers apart by numbers of which no two add up to, or differ by, a third', () => {
    const slots = plan.subjects.flatMap((pod) => pod.containers.map((one) => Number(one.facts['load.slots'])));
    expect(new Set(slots).size).toBe(slots.length);
    for (const a of slots) for (const b of slots) expect(slots).not.toContain(a + b);
    for (const a of slots) for (const b of slots) expect(slots).not.toContain(a - b);
  });
  test('gives names that Kubernetes takes, whatever the handlers and nodes are called', () => {
    const odd = [
      cell('Weird_Handler.v2@x', 'node.Example_1', { reference: true }),
      cell('a'.repeat(80), 'b'.repeat(200), { reference: true }),
    ];
    const strange = makePlan(checks, odd);
    const names = [...strange.subjects, ...strange.witnesses, ...strange.servers, ...strange.clients].map(
      (pod) => pod.name,
    );
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
  });
});

describe('an attempt', () => {
  test('is filled with facts, and keeps their type', () => {
    expect(
      resolveAttempt({ kind: 'device', type: 'b', major: '{disk.major}', minor: '1' }, { 'disk.major': 254 }),
    ).toEqual({
      attempt: { kind: 'device', type: 'b', major: 254, minor: 1 },
    });
  });
  test('names the canary by digest only', () => {
    expect(
      resolveAttempt({ kind: 'search', where: 'processes', canary: 'process' }, { 'digest.process': 'abc' }),
    ).toEqual({
      attempt: { kind: 'search', where: 'processes', sha256: 'abc' },
    });
  });
  test('is not made when a fact is missing', () => {
    expect(resolveAttempt({ kind: 'read', path: '{nowhere}/x' }, {})).toEqual({ missing: 'nowhere' });
  });
});
