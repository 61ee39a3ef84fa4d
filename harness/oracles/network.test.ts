import { expect, test } from 'vitest';
import { get } from '../attempt.ts';
import { decided, inWords } from '../testing/oracle-input.ts';
import { servedWithoutCredentials } from './network.ts';

const oracle = servedWithoutCredentials();
const attempt = get('https://{nodeAddress}:10250/pods');
const answered = (status: unknown) => decided(oracle, { value: { status } }, { attempt });

test.each([401, 403, '401'])('an answer of %s is the service’s own refusal', (status) =>
  expect(answered(status)).toEqual({
    kind: 'denied',
    errno: `HTTP ${status}`,
    seen: `it answered ${status}: credentials are demanded`,
    selfEvident: true,
  }),
);

test('a server that wants TLS has served nothing', () => {
  const body = 'Client sent an HTTP request to an HTTPS server.\n';
  expect(inWords(decided(oracle, { value: { status: 400, body } }, { attempt }))).toBe('denied HTTP 400, self-evident');
  // The words alone do not make a refusal, and neither does the status.
  expect(inWords(decided(oracle, { value: { status: 200, body } }, { attempt }))).toBe('reached');
  expect(inWords(decided(oracle, { value: { status: 400, body: 'which pods?' } }, { attempt }))).toBe('reached');
});

// An answer that cannot be understood is an answer all the same.
test.each([200, 204, 302, 400, 402, 404, 500, undefined])('an answer of %s is service', (status) =>
  expect(inWords(answered(status))).toBe('reached'),
);

test.each([
  ['ECONNREFUSED', 'absent'],
  ['ETIMEDOUT', 'denied ETIMEDOUT'],
  ['EHOSTUNREACH', 'denied EHOSTUNREACH'],
  ['ENOENT', 'absent'],
])('%s is %s', (errno, outcome) =>
  expect(inWords(decided(oracle, { errno, step: 'connect' }, { attempt }))).toBe(outcome),
);

test('a request that was not made is no attempt', () =>
  expect(inWords(decided(oracle, { notAttempted: 'cut' }, { attempt }))).toBe('not-attempted'));

test('takes no witness: the service itself answers', () => {
  expect(oracle.needsWitness).toBe(false);
  expect(oracle.truths(attempt)).toEqual([]);
});
