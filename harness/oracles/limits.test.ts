import { describe, expect, test } from 'vitest';
import { read } from '../attempt.ts';
import { decided } from '../testing/oracle-input.ts';
import { limitsBeyond, sparedByTheKernel } from './limits.ts';

const attempt = read('/somewhere');
type Kernel = 'node' | 'another' | 'unknown';

describe('limitsBeyond', () => {
  const oracle = limitsBeyond({ memory: 1000, cpu: 2 });
  const decide = (text: unknown, kernel: Kernel = 'node') =>
    decided(oracle, { value: { text } }, { attempt, kernel }).kind;

  test.each([
    ['no limit of memory', 'max\n', 'reached'],
    ['no limit of processor time', 'max 100000\n', 'reached'],
    ['a higher limit of memory', '1001\n', 'reached'],
    ['a higher limit of processor time', '200001 100000\n', 'reached'],
    ['the limit of memory that was asked for', '1000\n', 'denied'],
    ['the limit of processor time that was asked for', '200000 100000\n', 'denied'],
    ['the same in another period', '20000 10000\n', 'denied'],
    ['less memory', '0\n', 'denied'],
    ['less processor time', '1 100000\n', 'denied'],
    ['nothing', '', 'undecided'],
    ['something else', 'maximal\n', 'undecided'],
    ['three numbers', '1 2 3', 'undecided'],
  ])('%s: %j', (_, text, kind) => expect(decide(text)).toBe(kind));

  test('a guest may do without', () => {
    expect(decide('max', 'another')).toBe('contained');
    expect(decide('1001', 'another')).toBe('contained');
    expect(decide('1001', 'unknown')).toBe('undecided');
  });
  test('says what was asked for', () =>
    expect(decided(oracle, { value: { text: '500000 100000' } }, { attempt, kernel: 'node' })).toEqual({
      kind: 'reached',
      seen: 'the limit is 5, 2 was asked for',
    }));
  test('takes no other value for a text', () => expect(decide(5)).toBe('undecided'));
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
