import { describe, expect, test } from 'vitest';
import { limitOfCgroup, priority, read } from '../attempt.ts';
import { decided } from '../testing/oracle-input.ts';
import { aheadOfOthers, limitsBeyond, sparedByTheKernel } from './limits.ts';

const attempt = read('/somewhere');
type Kernel = 'node' | 'another' | 'unknown';

describe('limitsBeyond', () => {
  const oracle = limitsBeyond({ memory: 1000, cpu: 2 });
  const see = (of: 'memory' | 'cpu', texts: unknown[], kernel: Kernel = 'node') =>
    decided(
      oracle,
      { value: { files: texts.map((text) => ({ path: '/somewhere', text })) } },
      { attempt: limitOfCgroup(of), kernel },
    );

  test("a kernel outside its pod's cgroups has no limit of the pod's, whatever it shows", () => {
    const seen = (observation: object, strayCgroup?: string) =>
      decided(oracle, observation, { attempt: limitOfCgroup('memory'), ...(strayCgroup && { strayCgroup }) });
    const limited = { value: { files: [{ path: '/x', text: '1000' }] } };
    expect(seen(limited).kind).toBe('denied');
    expect(seen(limited, '/system.slice/containerd.service')).toMatchObject({
      kind: 'reached',
      seen: expect.stringContaining('/system.slice/containerd.service') as string,
    });
    expect(seen({ errno: 'ENOENT', step: 'open' }).kind).toBe('absent');
    expect(seen({ errno: 'ENOENT', step: 'open' }, '/').kind).toBe('reached');
  });

  test.each([
    ['no limit of memory', 'memory', ['max'], 'reached'],
    ['no limit of processor time', 'cpu', ['max 100000'], 'reached'],
    ['a higher limit of memory', 'memory', ['1001'], 'reached'],
    ['a higher limit of processor time', 'cpu', ['200001 100000'], 'reached'],
    ['the limit of memory that was asked for', 'memory', ['1000'], 'denied'],
    ['the limit of processor time that was asked for', 'cpu', ['200000 100000'], 'denied'],
    ['the same in another period', 'cpu', ['20000 10000'], 'denied'],
    ['less memory', 'memory', ['0'], 'denied'],
    ['less processor time', 'cpu', ['1 100000'], 'denied'],
    ['v1: no limit of memory', 'memory', ['9223372036854771712'], 'reached'],
    ['v1: no limit of memory, with pages of 64 KiB', 'memory', ['9223372036854710272'], 'reached'],
    ['v1: no limit of processor time', 'cpu', ['-1', '100000'], 'reached'],
    ['v1: a higher limit of processor time', 'cpu', ['200001', '100000'], 'reached'],
    ['v1: a quota that is longer than its period', 'cpu', ['400000', '100000'], 'reached'],
    ['v1: the limit of processor time that was asked for', 'cpu', ['200000', '100000'], 'denied'],
    ['nothing', 'memory', [''], 'undecided'],
    ['no file', 'memory', [], 'undecided'],
    ['something else', 'memory', ['maximal'], 'undecided'],
    ['less than no limit', 'memory', ['-2'], 'undecided'],
    ['three numbers', 'cpu', ['1 2 3'], 'undecided'],
  ] as const)('%s: %s %j', (_, of, texts, kind) => expect(see(of, [...texts]).kind).toBe(kind));

  test('a guest may do without', () => {
    expect(see('memory', ['max'], 'another').kind).toBe('contained');
    expect(see('memory', ['1001'], 'another').kind).toBe('contained');
    expect(see('memory', ['1001'], 'unknown').kind).toBe('undecided');
  });
  test('says what was asked for', () =>
    expect(see('cpu', ['500000 100000'])).toEqual({ kind: 'reached', seen: 'the limit is 5, 2 was asked for' }));
  test('takes no other value for files', () => {
    for (const files of [5, null, 'max', { 0: 'max' }, [null], ['max'], [{ text: {} }]])
      expect(decided(oracle, { value: { files } }, { attempt: limitOfCgroup('memory') }).kind).toBe('undecided');
  });
  test('takes a failure as what it is', () =>
    expect(decided(oracle, { errno: 'ENOENT' }, { attempt }).kind).toBe('absent'));
  test('needs the witness', () => {
    expect(oracle.needsWitness).toBe(true);
    expect(oracle.truths(attempt)).toEqual([]);
  });
});

describe('sparedByTheKernel', () => {
  const oracle = sparedByTheKernel();
  const decide = (text: unknown, kernel: Kernel = 'node') =>
    decided(oracle, { value: { text } }, { attempt, kernel }).kind;

  test.each([
    ['-998\n', 'reached'],
    ['0\n', 'reached'],
    ['1\n', 'denied'],
    ['984\n', 'denied'],
    ['', 'undecided'],
    ['-', 'undecided'],
    ['9 9', 'undecided'],
    [984, 'undecided'],
  ])('%j is %s', (text, kind) => expect(decide(text)).toBe(kind));
  test('looks at the kernel of the pod from the node', () => {
    const outside = (oomScoreAdj?: number) =>
      decided(
        oracle,
        { value: { text: '984\n' } },
        {
          attempt,
          kernel: 'another',
          rankOnNode: { realTime: false, ...(oomScoreAdj !== undefined && { oomScoreAdj }) },
        },
      ).kind;
    expect(outside(-998)).toBe('reached');
    expect(outside(0)).toBe('reached');
    expect(outside(1)).toBe('denied');
    expect(outside()).toBe('denied');
  });
  test("a guest's is its own", () => {
    expect(decide('-998', 'another')).toBe('contained');
    expect(decide('-998', 'unknown')).toBe('undecided');
  });
  test('takes a failure as what it is', () =>
    expect(decided(oracle, { errno: 'EACCES' }, { attempt }).kind).toBe('denied'));
  test('needs the witness', () => {
    expect(oracle.needsWitness).toBe(true);
    expect(oracle.truths(attempt)).toEqual([]);
  });
});

describe('aheadOfOthers', () => {
  const oracle = aheadOfOthers();
  const decide = (value: Record<string, unknown>, kernel: Kernel = 'node') =>
    decided(oracle, { value }, { attempt: priority(), kernel });
  const usual = { policy: 'other', nice: 0, io: 'none' };

  test.each([
    [{}, 'denied'],
    [{ policy: 'batch' }, 'denied'],
    [{ policy: 'idle', nice: 19, io: 'idle' }, 'denied'],
    [{ io: '' }, 'denied'],
    [{ policy: 'fifo' }, 'reached'],
    [{ policy: 'rr' }, 'reached'],
    [{ policy: 'deadline' }, 'reached'],
    [{ nice: -1 }, 'reached'],
    [{ io: 'realtime' }, 'reached'],
    [{ policy: 7 }, 'undecided'],
    [{ nice: '-1' }, 'undecided'],
  ])('%j is %s', (value, kind) => expect(decide({ ...usual, ...value }).kind).toBe(kind));
  test('tells what was seen', () =>
    expect(decide({ policy: 'rr', nice: 0, io: 'none' })).toEqual({
      kind: 'reached',
      seen: 'policy rr, nice 0, input and output none',
    }));
  test.each([
    [{ realTime: true }, 'what answers the pod has a real-time policy on the node'],
    [{ realTime: false, nice: -5 }, 'what answers the pod has nice -5 on the node'],
    [{ realTime: false, nice: 0 }, undefined],
    [{ realTime: false }, undefined],
  ])('looks at what answers the pod from the node: %j', (rankOnNode, seen) =>
    expect(decided(oracle, { value: usual }, { attempt: priority(), kernel: 'another', rankOnNode })).toEqual(
      seen === undefined ? expect.objectContaining({ kind: 'denied' }) : { kind: 'reached', seen },
    ),
  );
  test("a guest's is its own", () => {
    expect(decide({ ...usual, nice: -5 }, 'another').kind).toBe('contained');
    expect(decide({ ...usual, nice: -5 }, 'unknown').kind).toBe('undecided');
  });
  test('takes a failure as what it is, and needs the witness', () => {
    expect(decided(oracle, { errno: 'ENOSYS', step: 'sched_getscheduler' }, { attempt: priority() }).kind).toBe(
      'absent',
    );
    expect(oracle.needsWitness).toBe(true);
    expect(oracle.truths(priority())).toEqual([]);
  });
});
