import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { duration, terminalProgress } from './progress.ts';

/** A log: not a terminal. */
function log() {
  const lines: string[] = [];
  const stream = { isTTY: false, write: (text: string) => lines.push(text) } as unknown as NodeJS.WriteStream;
  return { lines, progress: terminalProgress(stream) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('in a log', () => {
  test('a step is a line when it starts and one when it ends', () => {
    const { lines, progress } = log();
    const step = progress.step('pods');
    vi.advanceTimersByTime(5_000);
    step.done('3 ran');
    progress.step('judging').fail('no');
    expect(lines).toEqual(['  … pods\n', '  ✓ pods: 3 ran (5 s)\n', '  … judging\n', '  ✗ judging: no (0 s)\n']);
  });
  test('what it does comes now and then', () => {
    const { lines, progress } = log();
    const step = progress.step('pods');
    vi.advanceTimersByTime(10_000);
    step.update('1 of 9');
    vi.advanceTimersByTime(10_000);
    step.update('2 of 9');
    step.update('3 of 9');
    expect(lines.slice(1)).toEqual(['  … pods: 2 of 9 (20 s)\n']);
  });
  test('a line comes every minute, also when nothing is new', () => {
    const { lines, progress } = log();
    const step = progress.step('pods');
    vi.advanceTimersByTime(10_000);
    step.update('1 of 9');
    vi.advanceTimersByTime(115_000);
    step.done();
    vi.advanceTimersByTime(600_000);
    expect(lines.slice(1)).toEqual([
      '  … pods: 1 of 9 (1 min 0 s)\n',
      '  … pods: 1 of 9 (2 min 0 s)\n',
      '  ✓ pods (2 min 5 s)\n',
    ]);
  });
});

test('a duration is in minutes and seconds', () => {
  expect(duration(4_400)).toBe('4 s');
  expect(duration(125_000)).toBe('2 min 5 s');
});
