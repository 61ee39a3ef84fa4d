import { expect, test } from 'vitest';
import { personality } from '../attempt.ts';
import { decided, inWords } from '../testing/oracle-input.ts';
import { foreseeableMemory } from './personality.ts';

const attempt = personality();
const seen = (observation: object, kernel: 'node' | 'another' = 'node') =>
  decided(foreseeableMemory(), observation, { attempt, kernel });

test.each([
  [{ fixed: true, executable: false }, 'its personality has ADDR_NO_RANDOMIZE'],
  [{ fixed: false, executable: true }, 'its personality has READ_IMPLIES_EXEC'],
  [{ fixed: true, executable: true }, 'its personality has ADDR_NO_RANDOMIZE and READ_IMPLIES_EXEC'],
])('%j is memory that can be foreseen', (value, words) => {
  expect(seen({ value })).toEqual({ kind: 'reached', seen: words });
  expect(inWords(seen({ value }, 'another'))).toBe('contained');
});

test.each([
  [0, 'reached'],
  [1, 'absent'],
  [2, 'absent'],
  [undefined, 'absent'],
])('where kernel.randomize_va_space is %s, its memory is %s', (randomize, word) => {
  const observation = { value: { fixed: false, executable: false, randomize } };
  expect(inWords(seen(observation))).toBe(word);
  expect(inWords(seen(observation, 'another'))).toBe(word === 'reached' ? 'contained' : word);
});

test('neither flag is nothing', () =>
  expect(inWords(seen({ value: { fixed: false, executable: false } }))).toBe('absent'));

test.each([[{}], [{ fixed: false }], [{ executable: false }], [{ fixed: 0, executable: false }]])(
  'of %j nothing is known',
  (value) => expect(inWords(seen({ value }))).toBe('undecided'),
);

test("who may not ask does not know, unless it is another kernel's answer", () => {
  const refused = { errno: 'EINVAL', step: 'personality' };
  expect(inWords(seen(refused))).toBe('undecided');
  expect(inWords(seen(refused, 'another'))).toBe('contained');
  expect(inWords(seen({ errno: 'ENOSYS', step: 'personality' }))).toBe('absent');
  expect(inWords(seen({ notAttempted: 'no worker' }))).toBe('not-attempted');
});
