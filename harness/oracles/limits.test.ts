import { expect, test } from 'vitest';
import type { OracleInput } from '../outcome.ts';
import { notLimited } from './limits.ts';

const decide = (text: string, answer: 'node' | 'another' = 'node') =>
  notLimited().decide({
    observation: { id: 'x', kind: 'read', value: { text } },
    kernel: { answer, why: 'so it is' },
  } as unknown as OracleInput).kind;

test.each([
  ['memory.max', 'max\n', 'reached'],
  ['cpu.max', 'max 100000\n', 'reached'],
  ['a limit of memory', '134217728\n', 'denied'],
  ['a limit of processor time', '100000 100000\n', 'denied'],
  ['nothing', '', 'undecided'],
  ['something else', 'maximal\n', 'undecided'],
])('%s without or with a limit: %j is %s', (_, text, kind) => expect(decide(text)).toBe(kind));

test('a guest may do without', () => expect(decide('max', 'another')).toBe('contained'));
