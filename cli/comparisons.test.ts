import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realRun, scratch, storeRun } from '../evidence/testing.ts';
import { writeRun } from '../harness/store.ts';
import { fakeCell } from '../reports/testing.ts';
import { gated, plannedComparisons } from './comparisons.ts';
import type { RunFlags } from './options.ts';

const flags = (given: Partial<RunFlags>): RunFlags => ({
  runtimeClass: [],
  claim: new Map(),
  only: [],
  report: [],
  timeoutScale: 1,
  failOn: 'regressions',
  ...given,
});

describe('--pair', () => {
  it('takes an old and a new RuntimeClass, and takes their labels off', () => {
    const planned = plannedComparisons(flags({ pair: true, runtimeClass: ['old=kata-3-20', 'new=kata-3-21'] }));
    expect(planned.runtimeClasses).toEqual(['kata-3-20', 'kata-3-21']);
    expect(() => planned.check([fakeCell({ handler: 'kata-3-20' }), fakeCell({ handler: 'kata-3-21' })])).not.toThrow();
  });

  it.each([[[]], [['kata']], [['old=kata']], [['old=a', 'old=b']], [['old=a', 'new=b', 'c']]])(
    'refuses %j',
    (runtimeClass) => {
      expect(() => plannedComparisons(flags({ pair: true, runtimeClass }))).toThrow('--pair takes exactly');
    },
  );

  it('refuses two RuntimeClasses of one handler, and labels without --pair', () => {
    const planned = plannedComparisons(flags({ pair: true, runtimeClass: ['old=a', 'new=b'] }));
    const cells = ['a', 'b'].map((runtimeClass) => fakeCell({ handler: 'kata', runtimeClass }));
    expect(() => planned.check(cells)).toThrow('both have handler kata');
    expect(() => plannedComparisons(flags({ runtimeClass: ['old=a'] }))).toThrow('a label is for --pair');
  });
});

describe('--baseline', () => {
  it('is read before anything else, and has to be a judged run', () => {
    expect(() => plannedComparisons(flags({ baseline: '/nowhere' }))).toThrow('holds no run');
    const directory = scratch();
    writeRun(directory, { ...realRun(1), verdicts: [] });
    expect(() => plannedComparisons(flags({ baseline: directory }))).toThrow('0 of 84 planned verdicts');
  });

  it('is compared with the run', async () => {
    const directory = join(scratch(), 'run');
    const run = await storeRun(directory, realRun(1));
    const [compared] = plannedComparisons(flags({ baseline: directory })).of(run, new Map());
    expect(compared?.comparison.checks.every((one) => one.change === 'unchanged')).toBe(true);
    expect(gated(0, [compared!], 'regressions')).toBe(0);
    expect(gated(3, [compared!], 'regressions')).toBe(3);
    const worse = {
      ...compared!,
      comparison: {
        ...compared!.comparison,
        checks: compared!.comparison.checks.slice(0, 1).map((one) => ({ ...one, change: 'regressed' as const })),
      },
    };
    expect(gated(0, [compared!, worse], 'regressions')).toBe(1);
  });
});
