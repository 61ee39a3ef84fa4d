import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Pace } from './pace.ts';
import { triesForAPhase } from '../judge/path.ts';

const deadlines = (pace: Pace) => ({
  start: pace.start(),
  subject: pace.subject(3),
  end: pace.end(),
  subjectLifetime: pace.subjectLifetime(),
  runLifetime: pace.runLifetime(6),
  policy: pace.policy(),
  promptPolicy: pace.policy(true),
  reopening: pace.reopening(),
  phase: pace.phase(),
  attempt: pace.attempt(),
  connection: pace.connection(),
  answer: pace.answer(),
  tenantTry: pace.tenantTry(),
  opening: pace.opening(),
  seen: pace.seen(),
  executed: pace.executed(),
  apiPatience: pace.apiPatience(),
});
const paceOf = (milliseconds: number, scale: number) => {
  const pace = new Pace(scale);
  pace.measured(milliseconds);
  return pace;
};
const starts = fc.integer({ min: 0, max: 600_000 });
const scales = fc.double({ min: 0.1, max: 20, noNaN: true });

describe('deadlines', () => {
  test('are whole milliseconds, whatever the cluster and the scale: the probe takes no others', () => {
    fc.assert(
      fc.property(starts, scales, (start, scale) => {
        for (const [name, value] of Object.entries(deadlines(paceOf(start, scale))))
          expect(Number.isSafeInteger(value), `${name} is ${value}`).toBe(true);
      }),
    );
    expect(paceOf(1.1 * 4_000, 1.3).attempt()).toBe(68_580);
  });
  test('never shrink on a slower cluster', () => {
    fc.assert(
      fc.property(starts, starts, (one, other) => {
        const quick = deadlines(paceOf(Math.min(one, other), 1));
        const slow = deadlines(paceOf(Math.max(one, other), 1));
        for (const [name, value] of Object.entries(quick))
          expect(slow[name as keyof typeof slow], name).toBeGreaterThanOrEqual(value);
      }),
    );
  });
  test('give a witness time to see a pod, and not more of a pod’s than that', () => {
    fc.assert(
      fc.property(starts, scales, (start, scale) => {
        const seen = paceOf(start, scale).seen();
        expect(seen).toBeGreaterThanOrEqual(2500);
        expect(seen).toBeLessThanOrEqual(10_000);
      }),
    );
    expect(paceOf(12_000, 1).seen()).toBe(7500);
  });
  test('follow the slowest node, not the last one', () => {
    const pace = paceOf(40_000, 1);
    pace.measured(4_000);
    expect(pace.slowness).toBe(10);
  });
  test('leave room for the tries that a phase needs, every one of them timing out', () => {
    fc.assert(
      fc.property(starts, (start) => {
        const pace = paceOf(start, 1);
        expect(pace.phase()).toBeGreaterThanOrEqual(triesForAPhase * pace.tenantTry());
        expect(pace.reopening()).toBeGreaterThan(pace.policy());
        // A path counts as closed after two.
        expect(pace.policy(true)).toBeGreaterThanOrEqual(2 * pace.tenantTry());
      }),
    );
  });
});
