import { ApiException } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { apiFailure, nextStep } from './errors.ts';

const answered = (code: number, body: unknown) => new ApiException(code, 'Whatever', body, { date: 'today' });
const status = (reason: string, message: string) => JSON.stringify({ kind: 'Status', reason, message });

test.each([
  ['Kubernetes’ own words', 403, status('Forbidden', 'nodes is forbidden'), 'nodes is forbidden'],
  ['a refusal without a body', 401, undefined, 'HTTP 401: it does not accept the credentials of the kubeconfig'],
  ['a proxy’s page', 503, '<html>\n  no upstream\n</html>', 'HTTP 503 (it said “<html> no upstream </html>”)'],
  ['a long page', 502, 'x'.repeat(200), `HTTP 502 (it said “${'x'.repeat(80)}…”)`],
  ['an empty body', 500, ' \n', 'HTTP 500'],
  ['an object that says nothing', 404, {}, 'HTTP 404'],
])('%s becomes one sentence, without headers', (_, code, body, message) => {
  expect(apiFailure(answered(code, body))).toMatchObject({ status: code, message });
});

test('what never answered is told with its cause', () => {
  const error = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
  expect(apiFailure(error)).toEqual({
    status: 0,
    reason: 'NoAnswer',
    message: 'fetch failed: connect ECONNREFUSED',
  });
});

test('the next step is that of the failure: credentials, rights, or the cluster', () => {
  const next = (code: number) => nextStep({ status: code, reason: '', message: '' });
  expect(next(401)).toContain('credentials');
  expect(next(403)).toContain('cofferdam rbac');
  for (const code of [400, 409, 422]) expect(next(code)).toContain('its own words');
  for (const code of [0, 404, 500, 503]) expect(next(code)).toContain('Is the cluster up');
});
