import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { profiles } from '../../fixtures/profiles.ts';
import { rawSocket } from '../judge/annotations.ts';
import { loadCatalogue } from '../catalogue.ts';
import { attemptId, resolveAttempt } from '../attempt.ts';
import { subjectsOf } from '../check.ts';
import type { CellCheck, Check } from '../check.ts';
import type { Cell } from '../evidence.ts';
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
const annotations = checks.find((check) => check.scope === 'attribution' && check.about === 'annotations')!;

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
        expect.arrayContaining(check.control.attempt ? [check.control.attempt].flat() : [...check.attempts]),
      );
    }
  });
  test('makes them under an untested reference, too, where the check compares with it', () => {
    const some = checks.filter((one) => one.scope === 'cell' && one.reached.comparesWithReference);
    const { subjects } = makePlan(some, [cell('runc', 'a', { reference: true, tested: false }), cell('crun', 'a')]);
    for (const check of some) {
      if (check.scope !== 'cell') continue;
      const counterparts = subjects
        .flatMap((pod) => (pod.cell.reference ? pod.containers : []))
        .filter((container) => subjectsOf(check).includes(container.profile));
      expect(counterparts, check.id).toHaveLength(subjectsOf(check).length);
      for (const { attempts } of counterparts)
        expect(attempts, check.id).toEqual(expect.arrayContaining([...check.attempts]));
    }
    expect(some).not.toEqual([]);
  });
  test('without own controls has no container that is only one, and every control under the reference', () => {
    const some = checks.filter((one) => one.scope === 'cell' && one.subject === 'default-root');
    const profilesOf = (ownControls: boolean) => {
      const { subjects } = makePlan(some, cells, { ownControls, everywhere: () => false });
      return cells.map(({ id }) =>
        subjects.flatMap((pod) => (pod.cell.id === id ? pod.containers.map(({ profile }) => profile) : [])).sort(),
      );
    };
    const [reference, other] = profilesOf(true);
    expect(other).toEqual(['default-root', 'privileged']);
    expect(profilesOf(false)).toEqual([reference, ['default-root']]);
  });
  test('makes a check in all containers that it names, or where that is not wanted in its subject alone', () => {
    const some = checks.filter((one): one is CellCheck => one.scope === 'cell' && one.alsoIn !== undefined);
    const [check] = some;
    const planned = makePlan([check!], cells, { everywhere: ({ id }) => id === 'runsc/a' });
    const attemptsIn = (id: string, profile: string) =>
      planned.subjects
        .flatMap((pod) => (pod.cell.id === id ? pod.containers : []))
        .find((one) => one.profile === profile)?.attempts;
    for (const profile of subjectsOf(check!))
      expect(attemptsIn('runsc/a', profile)).toEqual(expect.arrayContaining([...check!.attempts]));
    expect(planned.roster.map(({ cell: id, subjects }) => [id, subjects])).toEqual([
      ['runc/a', [check!.subject]],
      ['runsc/a', undefined],
    ]);
    const nowhere = makePlan([check!], cells, { everywhere: () => false });
    expect(nowhere.subjects.flatMap((pod) => pod.containers.map((one) => one.profile))).not.toContain(
      check!.alsoIn![0],
    );
    expect(some.length).toBeGreaterThan(10);
  });
  test('has a pod that asks for a weaker sandbox for each application kernel under test, and what it is compared with', () => {
    const { id } = annotations;
    expect(plan.annotated.map(({ cell }) => cell.id)).toEqual(['runsc/a']);
    const kernels = (['application-kernel', 'guest-kernel'] as const).flatMap((isolationClass) =>
      [true, false].map((tested) => cell(`${isolationClass}-${String(tested)}`, 'a', { isolationClass, tested })),
    );
    const several = makePlan([annotations], [...cells, ...kernels]);
    expect(several.annotated.map(({ cell }) => cell.handler)).toEqual(['runsc', 'application-kernel-true']);
    expect(new Set(several.annotated.map(({ name }) => name)).size).toBe(2);
    const tries = several.subjects.flatMap(({ cell, containers }) =>
      containers
        .filter(({ attempts }) => attempts.includes(rawSocket))
        .map(({ profile }) => `${cell.handler} ${profile}`),
    );
    expect(tries).toEqual(
      expect.arrayContaining(['runc privileged', 'runsc default-root', 'application-kernel-true default-root']),
    );
    expect(makePlan([annotations], cells, { applies: () => false }).annotated).toEqual([]);
    expect(
      makePlan(
        checks.filter((one) => one.id !== id),
        cells,
      ).annotated,
    ).toEqual([]);
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

describe('whatever is asked for', () => {
  const many = [
    ...cells,
    cell('runc', 'b', { reference: true, tested: false }),
    cell('kata', 'b', { isolationClass: 'guest-kernel' }),
  ];
  const selection = fc.uniqueArray(fc.constantFrom(...checks), { selector: (check) => check.id, maxLength: 12 });
  const tested = fc.subarray(
    many.map((one) => one.id),
    { minLength: 1 },
  );
  const planned = (selected: readonly Check[], ids: readonly string[]) =>
    makePlan(
      selected,
      many.map((one) => ({ ...one, tested: ids.includes(one.id) })),
    );
  /** All of a plan but what is drawn by lot. */
  const settled = (of: ReturnType<typeof makePlan>) => ({
    roster: of.roster.map((one) => `${one.check} ${one.cell} ${one.path ?? ''}`).sort(),
    pods: [...of.subjects, ...of.witnesses, ...of.servers, ...of.clients].map((pod) => pod.name).sort(),
    attempts: of.subjects
      .flatMap((pod) =>
        pod.containers.map((one) => [pod.name, one.name, ...one.attempts.map(attemptId).sort()].join(' ')),
      )
      .sort(),
    truths: of.witnesses.map((one) => [one.name, ...[...one.truths.keys()].sort()].join(' ')),
    paths: of.paths.map((path) => path.id).sort(),
  });
  const holds = (name: string, so: (selected: Check[], ids: string[]) => boolean) =>
    test(name, () => fc.assert(fc.property(selection, tested, so), { numRuns: 100 }));

  holds('every check of a cell has its one place in each tested cell, and none elsewhere', (selected, ids) => {
    const places = planned(selected, ids).roster.filter((one) => one.path === undefined);
    const wanted = selected.filter((one) => one.scope !== 'path').flatMap((one) => ids.map((id) => `${one.id} ${id}`));
    return (
      wanted.sort().join() ===
      places
        .map((one) => `${one.check} ${one.cell}`)
        .sort()
        .join()
    );
  });
  holds('every path check has its one place for each pair of tested cells', (selected, ids) => {
    const { roster, paths } = planned(selected, ids);
    return selected
      .filter((one) => one.scope === 'path')
      .every((check) => {
        const ends = roster
          .filter((one) => one.check === check.id)
          .map((one) => paths.find((path) => path.id === one.path))
          .map((path) => `${path?.from ?? '?'} ${path?.to ?? '?'}`);
        return ends.length === ids.length ** 2 && new Set(ends).size === ends.length;
      });
  });
  holds('the order of the selection changes nothing', (selected, ids) =>
    isDeepStrictEqual(settled(planned(selected, ids)), settled(planned(selected.toReversed(), ids))),
  );
  holds('the same plan comes of the same selection', (selected, ids) =>
    isDeepStrictEqual(settled(planned(selected, ids)), settled(planned(selected, ids))),
  );
  holds('a cell has at most six pods, a node one witness, and no container two names', (selected, ids) => {
    const { subjects, witnesses } = planned(selected, ids);
    return (
      many.every((one) => subjects.filter((pod) => pod.cell.id === one.id).length <= 5) &&
      witnesses.length <= 2 &&
      subjects.every((pod) => new Set(pod.containers.map((one) => one.name)).size === pod.containers.length)
    );
  });
});
