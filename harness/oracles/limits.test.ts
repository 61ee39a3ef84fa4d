import { describe, expect, test } from 'vitest';
import { executed, limitOfCgroup, priority, read } from '../attempt.ts';
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

  test('what counts is what the specification asks for, whoever wrote that into it', () => {
    const seen = (text: string, facts: Record<string, string | number>, of: 'memory' | 'cpu' = 'memory') =>
      decided(
        oracle,
        { value: { files: [{ path: '/x', text }] } },
        { attempt: limitOfCgroup(of), kernel: 'node', facts },
      );
    expect(seen('2000', {}).kind).toBe('reached');
    expect(seen('2000', { 'limits.memory': 2000 }).kind).toBe('denied');
    expect(seen('2001', { 'limits.memory': 2000 }).kind).toBe('reached');
    expect(seen('1000', { 'limits.memory': 999 }).kind).toBe('reached');
    expect(seen('2000', { 'limits.cpu': 2000 }).kind).toBe('reached');
    expect(seen('max', { 'limits.memory': 2000 }).kind).toBe('reached');
    expect(seen('max', { 'limits.memory': 'none' })).toMatchObject({
      kind: 'absent',
      noBoundary: expect.any(String) as string,
    });
    expect(seen('300000 100000', { 'limits.cpu': 3 }, 'cpu').kind).toBe('denied');
  });
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

  describe('what it has beside the limit', () => {
    const compared = (of: 'memory' | 'cpu', mine: unknown, theirs: unknown, kernel: Kernel = 'node') => {
      const value = (text: unknown) => ({
        files: [{ path: '/x', text: of === 'cpu' ? '1 1' : '9' }],
        ...(text !== undefined && { beside: { path: '/y', text } }),
      });
      const reference = theirs === null ? null : { value: value(theirs) };
      return decided(oracle, { value: value(mine) }, { attempt: limitOfCgroup(of), kernel, reference }).kind;
    };
    test.each([
      ['no swap, as there', 'memory', '0', '0', 'denied'],
      ['any swap, as there', 'memory', 'max', 'max', 'denied'],
      ['any swap', 'memory', 'max', '0', 'reached'],
      ['more swap', 'memory', '2', '1', 'reached'],
      ['less swap', 'memory', '0', 'max', 'denied'],
      ['v1: any swap', 'memory', '9223372036854771712', '134217728', 'reached'],
      ['no count of swap', 'memory', undefined, undefined, 'denied'],
      ['a count of swap that is not there', 'memory', 'max', undefined, 'denied'],
      ['something else', 'memory', 'maximal', '0', 'denied'],
      ['the same weight', 'cpu', '1', '1', 'denied'],
      ['a weight by another formula', 'cpu', '10', '1', 'denied'],
      ['a higher weight', 'cpu', '11', '1', 'reached'],
      ['the highest weight', 'cpu', '10000', '4', 'reached'],
      ['a lower weight', 'cpu', '1', '100', 'denied'],
    ] as const)('%s: %s %j, there %j', (_, of, mine, theirs, kind) => expect(compared(of, mine, theirs)).toBe(kind));
    test("is a guest's own there", () => {
      expect(compared('memory', 'max', '0', 'another')).toBe('contained');
      expect(compared('cpu', '10000', '1', 'another')).toBe('contained');
      expect(compared('memory', 'max', '0', 'unknown')).toBe('undecided');
    });
    test('is compared with nothing where that pod said nothing', () =>
      expect(compared('memory', 'max', null)).toBe('denied'));
    test('excuses no missing limit', () =>
      expect(
        decided(
          oracle,
          { value: { files: [{ path: '/x', text: 'max' }] } },
          { attempt: limitOfCgroup('memory'), kernel: 'node', reference: { value: {} } },
        ).kind,
      ).toBe('reached'));
    test('needs the reference handler', () => expect(oracle.comparesWithReference).toBe(true));
  });

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
  test('is no fault of a runtime where the kubelet asks for it', () => {
    const facts = { 'pod.spared': 'the requests are the limits (Guaranteed)' };
    const decide = (text: string, rest: object = {}) =>
      decided(oracle, { value: { text } }, { attempt, kernel: 'node', facts, ...rest });
    expect(decide('-997')).toMatchObject({
      kind: 'absent',
      noBoundary: expect.stringContaining('Guaranteed') as string,
    });
    expect(decide('-998').kind).toBe('reached');
    expect(decide('2').kind).toBe('denied');
    expect(decide('-997', { kernel: 'another' }).kind).toBe('contained');
    const outside = (oomScoreAdj: number) => decide('2', { rankOnNode: { realTime: false, oomScoreAdj } }).kind;
    expect(outside(-997)).toBe('absent');
    expect(outside(-998)).toBe('reached');
  });
  test('of an executed process is no fault where it is no more than what starts it has, as under crun', () => {
    const decide = (text: string, rest: object) =>
      decided(oracle, { value: { text } }, { attempt: executed('oom'), kernel: 'node', ...rest });
    const shim = { oomScoreAdjOfStarter: -998 };
    expect(decide('-998', shim)).toMatchObject({
      kind: 'absent',
      noBoundary: expect.stringContaining('-998') as string,
    });
    expect(decide('-999', shim).kind).toBe('reached');
    expect(decide('-998', {}).kind).toBe('reached');
    expect(decide('-998', { ...shim, attempt }).kind).toBe('reached');
    expect(decide('995', shim).kind).toBe('denied');
    expect(decide('-998', { ...shim, kernel: 'another' }).kind).toBe('contained');
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
  describe('with limits that let it go ahead', () => {
    const compared = (mine: object, theirs: object | null | undefined, kernel: Kernel = 'node') =>
      decided(
        oracle,
        { value: { ...usual, ...mine } },
        {
          attempt: priority(),
          kernel,
          ...(theirs !== undefined && { reference: theirs && { value: { ...usual, ...theirs } } }),
        },
      ).kind;
    const none = { niceLimit: 0, realTimeLimit: 0 };
    test.each([
      [none, none, 'denied'],
      [{ ...none, realTimeLimit: 99 }, none, 'reached'],
      [{ ...none, niceLimit: 40 }, none, 'reached'],
      [{ ...none, niceLimit: 1 }, none, 'reached'],
      [{ ...none, realTimeLimit: 99 }, { ...none, realTimeLimit: 99 }, 'denied'],
      [{ niceLimit: 20, realTimeLimit: 99 }, { niceLimit: 20, realTimeLimit: 98 }, 'reached'],
      [{ ...none, realTimeLimit: 98 }, { ...none, realTimeLimit: 99 }, 'denied'],
      [{ ...none, realTimeLimit: 99 }, {}, 'undecided'],
      [{ ...none, realTimeLimit: 99 }, null, 'undecided'],
      [none, null, 'denied'],
      [{}, none, 'denied'],
    ])('%j, there %j: %s', (mine, theirs, kind) => expect(compared(mine, theirs)).toBe(kind));
    test('is compared with nothing in a control', () =>
      expect(compared({ ...none, realTimeLimit: 99 }, undefined)).toBe('denied'));
    test("a guest's are its own", () => {
      for (const theirs of [none, null])
        expect(compared({ ...none, realTimeLimit: 99 }, theirs, 'another')).toBe('contained');
      expect(compared({ ...none, realTimeLimit: 99 }, none, 'unknown')).toBe('undecided');
    });
    test('needs the reference handler', () => expect(oracle.comparesWithReference).toBe(true));
  });
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
