import { expect, test } from 'vitest';
import { get, getWithToken } from '../attempt.ts';
import { stopped } from '../check.ts';
import { judgeAttempt } from '../judge/judge.ts';
import { decided, inWords } from '../testing/oracle-input.ts';
import { servedToAnyAccount, servedWithoutCredentials } from './network.ts';

const oracle = servedWithoutCredentials();
const attempt = get('https://{nodeAddress}:10250/pods');
const answered = (status: unknown) => decided(oracle, { value: { status } }, { attempt });

test.each([401, 403, '401'])('an answer of %s is the service’s own refusal', (status) =>
  expect(answered(status)).toEqual({
    kind: 'denied',
    errno: `HTTP ${status}`,
    seen: `it answered ${status}: credentials are demanded`,
    selfEvident: true,
    byTheNode: `it answered ${status}: credentials are demanded`,
  }),
);

test('a server that wants TLS has served nothing', () => {
  const body = 'Client sent an HTTP request to an HTTPS server.\n';
  expect(inWords(decided(oracle, { value: { status: 400, body } }, { attempt }))).toBe('denied HTTP 400, self-evident');
  // The words alone do not make a refusal, and neither does the status.
  expect(inWords(decided(oracle, { value: { status: 200, body } }, { attempt }))).toBe('reached');
  expect(inWords(decided(oracle, { value: { status: 400, body: 'which pods?' } }, { attempt }))).toBe('reached');
});

test.each([
  [200, '{"kind": "APIVersions", "versions": ["v1"]}', 'reached'],
  [200, '{"kind":"APIVersions"}', 'reached'],
  [401, '{"kind": "Status", "code": 401}', 'denied HTTP 401, self-evident'],
  [503, '{"kind": "Status", "code": 503}', 'undecided'],
  // Whoever else listens at such a port, what he answers is his affair.
  [200, '<html>Welcome to nginx!</html>', 'absent'],
  [503, 'no server is available', 'absent'],
  [404, undefined, 'absent'],
])('%s with %s at a port that others use as well', (status, body, outcome) =>
  expect(inWords(decided(oracle, { value: { status, body } }, { attempt: get('http://{nodeAddress}:8080/api') }))).toBe(
    outcome,
  ),
);

test.each(['certificate required', 'bad certificate', 'handshake failure'])(
  'the alert “%s” is a server’s own refusal',
  (alert) =>
    expect(decided(oracle, { value: { alert } }, { attempt })).toEqual({
      kind: 'denied',
      errno: `TLS ${alert}`,
      seen: `it demands a client's certificate (TLS: ${alert})`,
      selfEvident: true,
      byTheNode: `it demands a client's certificate (TLS: ${alert})`,
    }),
);

// An answer that cannot be understood is an answer all the same.
test.each([200, 204, 302, 400, 402, 404, 428, 430, 499, undefined])('an answer of %s is service', (status) =>
  expect(inWords(answered(status))).toBe('reached'),
);

// Whom it would have served, it does not say.
test.each([429, 500, 503])('an answer of %s decides nothing', (status) =>
  expect(inWords(answered(status))).toBe('undecided'),
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

const closed = { errno: 'ECONNRESET', step: 'read' };
const dropped = { errno: 'ETIMEDOUT', step: 'connect' };
const nobody = { errno: 'ECONNREFUSED', step: 'connect' };
const unauthorized = { value: { status: 401 } };
const certificate = { value: { alert: 'certificate required' } };
const served = { value: { status: 200 } };

test.each([
  ['closed on both sides', closed, closed, 'not-applicable'],
  [
    'no TLS, on both sides',
    { errno: 'EPROTO', step: 'tls record' },
    { errno: 'EPROTO', step: 'tls record' },
    'not-applicable',
  ],
  ['dropped where nobody listens', dropped, nobody, 'not-applicable'],
  ['rejected where nobody listens', { errno: 'EHOSTUNREACH', step: 'connect' }, nobody, 'not-applicable'],
  ['dropped where credentials are demanded', dropped, unauthorized, 'not-applicable'],
  ['dropped where a certificate is demanded', dropped, certificate, 'not-applicable'],
  ['rejected as if nobody listened where credentials are demanded', nobody, unauthorized, 'not-applicable'],
  ['dropped where the connection ends without an answer', dropped, closed, 'not-applicable'],
  ['a certificate is demanded', certificate, certificate, 'held'],
  ['dropped where others are served', dropped, served, 'held'],
  ['closed where others are served', closed, served, 'held'],
  ['served', served, closed, 'breached'],
  // What says nothing of the service excuses nothing.
  ['dropped on both sides', dropped, dropped, 'inconclusive'],
  ['reset while connecting', dropped, { errno: 'ECONNRESET', step: 'connect' }, 'inconclusive'],
  ['another alert', { errno: 'EPROTO', step: 'tls' }, { errno: 'EPROTO', step: 'tls' }, 'inconclusive'],
  ['no HTTP', { errno: 'EPROTO', step: 'http' }, { errno: 'EPROTO', step: 'http' }, 'inconclusive'],
  ['slow on both sides', { errno: 'ETIMEDOUT', step: 'read' }, { errno: 'ETIMEDOUT', step: 'read' }, 'inconclusive'],
])('beside the control: %s', (_, subject, control, verdict) => {
  const attempted = {
    what: 'ask',
    subject: decided(oracle, subject, { attempt }),
    control: decided(oracle, control, { attempt }),
    controlWhere: 'on the node',
    witness: 'not-needed' as const,
  };
  expect(judgeAttempt(stopped('denied', 'absent'), attempted).verdict).toBe(verdict);
});

test('what an account is served that has no rights is judged alike, and told in its own words', () => {
  const account = servedToAnyAccount();
  const asked = getWithToken('https://{nodeAddress}:10250/pods');
  expect(inWords(decided(account, { value: { status: 200 } }, { attempt: asked }))).toBe('reached');
  expect(decided(account, { value: { status: 403 } }, { attempt: asked })).toMatchObject({
    kind: 'denied',
    selfEvident: true,
    seen: 'it answered 403: the token opens nothing there',
  });
  expect(account.crossedWhen).toContain("with the token of the pod's service account");
});
