import { expect, test } from 'vitest';
import { services } from '../attempt.ts';
import { decided, inWords } from '../testing/oracle-input.ts';
import { servedWithoutCredentials } from './network.ts';
import { asksOfServices } from './services.ts';

const oracle = servedWithoutCredentials();
const attempt = services(asksOfServices);
const answered = (...answers: unknown[]) => decided(oracle, { value: { asked: 3, answers } }, { attempt });
const version = 'CALL /runtime.v1.RuntimeService/Version';
const listed = 'GET /api/v1/namespaces?limit=1';

test.each([
  ['GET /pods', '{"kind":"PodList","apiVersion":"v1"', 'a kubelet'],
  ['GET /version', '{"Platform":{"Name":"Docker Engine - Community"},"Components":[', 'Docker or Podman'],
  ['GET /version', '{"etcdserver":"3.6.5","etcdcluster":"3.6.0"}', 'etcd'],
  [listed, '{\n  "kind": "NamespaceList",\n  "apiVersion": "v1",', 'an API server'],
  ['GET /etc/os-release', 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nNAME="Debian', 'a server of whole file systems'],
  ['GET /pods', 'cofferdam-canary-0123456789abcdef0123456789abcdef\n', "a service on the node's loopback"],
])('%s that is answered with %s gives the node away', (asked, body, who) => {
  const answer = { at: '10.0.0.1:4194', over: 'http', asked, status: 200, body };
  expect(answered({ at: '10.0.0.1:22', over: 'http', asked, status: 404, body: 'no' }, answer)).toEqual({
    kind: 'reached',
    seen: `${who} answers at 10.0.0.1:4194 over http (${asked})`,
  });
  // By the answer to another question nobody is known, nor by the words of a refusal.
  expect(inWords(answered({ ...answer, asked: 'GET /healthz' }))).toBe('absent');
  expect(inWords(answered({ ...answer, status: 401 }))).toBe('absent');
});

test('a call that has a reply was not refused', () => {
  const answer = { at: '10.0.0.1:4243', over: 'grpc', asked: version, body: '\\x0a\\x050.1.0\\x12\\x0acontainerd' };
  expect(inWords(answered(answer))).toBe('reached');
  expect(inWords(answered({ ...answer, asked: 'CALL /another' }))).toBe('absent');
  expect(inWords(answered({ ...answer, body: '' }))).toBe('absent');
  expect(inWords(answered({ ...answer, body: '\\x0a\\x05hello' }))).toBe('absent');
});

test('what a service tells everybody is not the node', () => {
  expect(
    answered(
      { at: '10.0.0.1:6443', over: 'https', asked: 'GET /version', status: 200, body: '{\n  "major": "1",' },
      { at: '10.0.0.1:9100', over: 'http', asked: 'GET /pods', status: 200, body: '<html>node exporter</html>' },
    ),
  ).toEqual({ kind: 'absent', seen: 'of 3 that listen there none gave anything away' });
  expect(inWords(answered())).toBe('absent');
});

test.each([
  ['more answers than fit', { asked: 3, answers: [], truncated: true }],
  ['nobody to ask', { asked: 0, answers: [] }],
  ['no number of services', { answers: [] }],
  ['no answers', { asked: 3 }],
  ['answers that are none', { asked: 3, answers: 'none' }],
])('%s: nothing is decided', (_, value) => expect(inWords(decided(oracle, { value }, { attempt }))).toBe('undecided'));

test('every service is asked for what only who is trusted may have, and one is enough', () => {
  expect(asksOfServices).toEqual([
    'GET /pods',
    'GET /version',
    'GET /api/v1/namespaces?limit=1',
    'GET /etc/os-release',
    'CALL /runtime.v1.RuntimeService/Version',
  ]);
  expect(oracle.crossedWhen).toContain(
    'answers as a kubelet, Docker or Podman, etcd, an API server, a server of whole file systems, a container engine does',
  );
  expect(inWords(decided(oracle, { value: { asked: 1, answers: [] } }, { attempt }))).toBe('absent');
});

test('an answer that cannot be read gives nothing, and what was not tried is no attempt', () => {
  expect(inWords(answered(null, {}))).toBe('absent');
  expect(inWords(decided(oracle, { notAttempted: 'no worker' }, { attempt }))).toBe('not-attempted');
});
