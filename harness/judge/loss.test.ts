import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { realRun } from '../../evidence/testing.ts';
import { attemptId } from '../attempt.ts';
import { loadCatalogue } from '../catalogue.ts';
import { controlAttempts } from '../check.ts';
import type { AttributionCheck, Check } from '../check.ts';
import { evaluate } from './evaluate.ts';
import type { ContainerEvidence, JudgedCheck, Planned, Run } from '../evidence.ts';
import { referenceOf } from './lookup.ts';

/**
 * A real run, of which something is lost: whatever it is, no verdict is better for it. `lying.test.ts` asks this of one
 * check and containers that lie; here it is asked of the whole catalogue.
 */
const checks = await loadCatalogue();
const run = realRun(4);
const judge = (evidence: Run, planned: Planned): JudgedCheck =>
  evaluate(checks.get(planned.check)!, planned, evidence, checks);
const usual = new Map(run.roster.map((planned) => [planned, judge(run, planned)]));
const passes = ({ verdict }: JudgedCheck) => verdict !== 'breached' && verdict !== 'inconclusive';

/** Verdicts of this part of the roster that pass, and are not what the whole run says. */
const better = (evidence: Run, roster: readonly Planned[]): string[] =>
  roster.flatMap((planned) => {
    const [was, is] = [usual.get(planned)!, judge(evidence, planned)];
    return passes(is) && is.verdict !== was.verdict
      ? [`${is.handler} ${is.check}: ${was.verdict} (${was.reason}), then ${is.verdict} (${is.reason})`]
      : [];
  });

/** To judge all takes seconds: each example looks at some. */
const some = fc.subarray(run.roster, { minLength: 1, maxLength: 20 });

/** What comes of a container: nothing, a beginning, or a report with holes, of which a probe may have noticed nothing. */
type Loss = 'all' | { after: number } | { positions: number[]; noticed: boolean };

const lossOf = ({ observations }: ContainerEvidence): fc.Arbitrary<Loss | undefined> => {
  const all = [...observations.keys()];
  const positions = fc.oneof(fc.subarray(all, { maxLength: 3 }), fc.subarray(all));
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant<Loss>('all') },
    { weight: 1, arbitrary: fc.record({ after: fc.nat({ max: observations.length }) }) },
    { weight: 2, arbitrary: fc.record({ positions, noticed: fc.boolean() }) },
  );
};

function remains(container: ContainerEvidence, loss: Loss | undefined): ContainerEvidence[] {
  if (loss === undefined) return [container];
  if (loss === 'all') return [];
  const broken = { ...container, complete: false, cause: 'it was lost' };
  const { observations } = container;
  if ('after' in loss) return [{ ...broken, observations: observations.slice(0, loss.after) }];
  const gone = new Set(loss.positions);
  return [
    { ...(loss.noticed ? broken : container), observations: observations.filter((_, position) => !gone.has(position)) },
  ];
}

interface Losses {
  /** By place in the run. */
  containers: (Loss | undefined)[];
  others: ('canaries' | 'missingHandler' | 'annotated')[];
}

const losses: fc.Arbitrary<Losses> = fc.record({
  containers: fc.tuple(...run.containers.map(lossOf)),
  others: fc.subarray<Losses['others'][number]>(['canaries', 'missingHandler', 'annotated'], { maxLength: 2 }),
});

/**
 * Marks are not lost: they are this machine's own, and a run that ends before one of them ends its clients' tries as well.
 * What was tried under a policy whose marks are missing would count as tried after the one before it.
 */
const without = ({ containers, others }: Losses): Run => ({
  ...run,
  ...Object.fromEntries(others.map((name) => [name, {}])),
  containers: run.containers.flatMap((container, place) => remains(container, containers[place])),
});

test('the whole run passes nearly every check somewhere: what follows can fail', () => {
  const passed = new Set([...usual.values()].filter(passes).map(({ check }) => check));
  expect(passed.size).toBeGreaterThan(0.9 * checks.size);
  expect(new Set([...usual.values()].map(({ verdict }) => verdict))).toContain('inconclusive');
});

test('no verdict passes that did not before, whatever is lost', () => {
  fc.assert(
    fc.property(losses, some, (lost, roster) => {
      expect(better(without(lost), roster)).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test('no verdict passes that did not before, whichever container is damaged', () => {
  const place = fc.nat({ max: run.containers.length - 1 });
  // So much rests on the witness that it has its turn as often as all others.
  const witness = fc.constant(run.containers.findIndex(({ role }) => role === 'witness'));
  const damage = fc.oneof(place, witness).chain((at) => fc.tuple(fc.constant(at), lossOf(run.containers[at]!)));
  fc.assert(
    fc.property(damage, some, ([at, loss], roster) => {
      const containers = run.containers.toSpliced(at, 1, ...remains(run.containers[at]!, loss));
      expect(better({ ...run, containers }, roster)).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

describe('nothing is held without its control or its witness', () => {
  const isReference = (planned: Planned, { role, cell }: ContainerEvidence): boolean =>
    role === 'subject' &&
    cell ===
      referenceOf(
        run.cells.find(({ id }) => id === planned.cell)!,
        run,
      )?.id;

  /** The control of a question about what ran. That of completeness is no container: it compares the roster with itself. */
  const ofAttribution = (about: AttributionCheck['about'], planned: Planned, one: ContainerEvidence): boolean => {
    switch (about) {
      case 'node-view':
      case 'pod-view':
      case 'missing-handler':
        // The tenants under the reference handler show its kernel, too.
        return isReference(planned, one) || one.role === 'client' || one.role === 'server';
      case 'confinement':
      case 'annotations':
        return isReference(planned, one) && one.profile === 'privileged';
      case 'holding':
        return one.role === 'witness';
      case 'completeness':
        return false;
    }
  };

  const isControl = (check: Check, planned: Planned, one: ContainerEvidence): boolean => {
    switch (check.scope) {
      case 'cell':
        return (
          one.role === 'subject' &&
          one.profile === check.control.profile &&
          (isReference(planned, one) || (check.control.on === 'weakened' && one.cell === planned.cell))
        );
      case 'path': {
        const path = run.network.paths.find(({ id }) => id === planned.path);
        return [path?.client, path?.serverContainer].includes(`${one.pod}/${one.container}`);
      }
      case 'attribution':
        return ofAttribution(check.about, planned, one);
    }
  };

  /** What is held of the roster with what is left of the containers; what has nothing taken from it is not asked. */
  const held = (left: (check: Check, planned: Planned) => ContainerEvidence[] | undefined): string[] =>
    run.roster.flatMap((planned) => {
      const containers = left(checks.get(planned.check)!, planned);
      if (!containers) return [];
      const { verdict, handler, reason } = judge({ ...run, containers }, planned);
      return verdict === 'held' ? [`${handler} ${planned.check}: ${reason}`] : [];
    });

  test('where its containers are not there', () => {
    const without = (check: Check, planned: Planned) => run.containers.filter((one) => !isControl(check, planned, one));
    const untouched = run.roster.filter(
      (planned) => without(checks.get(planned.check)!, planned).length === run.containers.length,
    );
    expect(new Set(untouched.map(({ check }) => check))).toEqual(
      new Set(['runtime-attribution/every-check-has-one-verdict']),
    );
    expect(held((check, planned) => (untouched.includes(planned) ? undefined : without(check, planned)))).toEqual([]);
  });

  test('where one attempt of the control was not reported', () => {
    const silent = (check: Check, planned: Planned) => {
      if (check.scope !== 'cell') return undefined;
      const lost = attemptId(controlAttempts(check).at(-1)!);
      return run.containers.map((one) =>
        isControl(check, planned, one)
          ? { ...one, observations: one.observations.filter(({ id }) => id !== lost) }
          : one,
      );
    };
    expect(held(silent)).toEqual([]);
  });

  test('where the witness that it needs did not report to its end', () => {
    const broken = run.containers.map((one) => (one.role === 'witness' ? { ...one, complete: false } : one));
    expect(held((check) => (check.scope === 'cell' && check.reached.needsWitness ? broken : undefined))).toEqual([]);
  });
});

describe('no order changes a verdict', () => {
  const differing = (evidence: Run, roster: readonly Planned[]): string[] =>
    roster
      .filter((planned) => judge(evidence, planned).verdict !== usual.get(planned)?.verdict)
      .map(({ check }) => check);

  /** Multiples of a number modulo a prime have no order that anybody would notice, and are all different. */
  const prime = 104_729;
  const order = fc.integer({ min: 1, max: prime - 1 });
  const inOrder = <T>(by: number, all: readonly T[]): T[] =>
    all
      .map((one, index) => ({ one, rank: ((index + 1) * by) % prime }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ one }) => one);

  test('of the containers', () => {
    fc.assert(
      fc.property(order, some, (by, roster) => {
        expect(differing({ ...run, containers: inOrder(by, run.containers) }, roster)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  /**
   * What is reported under one id stays in its order: the witness looks at a process again and again, and what it saw last,
   * or since a filter was in force, is what counts.
   */
  function reordered(container: ContainerEvidence, by: number): ContainerEvidence {
    const series = Map.groupBy(container.observations, ({ id }) => id);
    const rest = new Map([...series].map(([id, all]) => [id, all.values()]));
    const ids = inOrder(
      by,
      container.observations.map(({ id }) => id),
    );
    return { ...container, observations: ids.map((id) => rest.get(id)!.next().value!) };
  }

  test('of what a container reports', () => {
    fc.assert(
      fc.property(order, some, (by, roster) => {
        const containers = run.containers.map((container) => reordered(container, by));
        expect(differing({ ...run, containers }, roster)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});
