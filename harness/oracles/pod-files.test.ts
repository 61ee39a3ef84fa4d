import { expect, test } from 'vitest';
import { inWords, decided } from '../testing/oracle-input.ts';
import { namesAnother } from './pod-files.ts';

const hosts =
  '# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n10.244.0.9\tn0-runc-root\n';

test.each([
  ['the names of hosts as a kubelet writes them', { value: { text: hosts } }, 'absent'],
  ["a sandbox's host name", { value: { text: 'n0-runc-root\n' } }, 'absent'],
  ['no new line at its end', { value: { text: 'n0-runc-root' } }, 'absent'],
  ["the node's host name", { value: { text: 'node-1\n' } }, 'reached'],
  ['a longer name', { value: { text: '10.0.0.1 n0-runc-root-2\n' } }, 'reached'],
  ['a name in a comment', { value: { text: '# n0-runc-root\n' } }, 'reached'],
  ['an empty file', { value: { text: '' } }, 'reached'],
  ['a part that has it', { value: { text: hosts, truncated: true } }, 'absent'],
  ['a part that does not have it', { value: { text: '127.0.0.1\tlocalhost\n', truncated: true } }, 'undecided'],
  ['no text', { value: {} }, 'undecided'],
  ['no such file', { errno: 'ENOENT', step: 'open' }, 'absent'],
  ['a file that cannot be opened', { errno: 'EACCES', step: 'open' }, 'denied EACCES'],
  ['nothing', { notAttempted: 'late' }, 'not-attempted'],
])('%s', (_, observation, outcome) =>
  expect(inWords(decided(namesAnother(), observation, { facts: { 'pod.name': 'n0-runc-root' } }))).toBe(outcome),
);

test('undecided where the name of the pod is not known', () =>
  expect(decided(namesAnother(), { value: { text: hosts } }).kind).toBe('undecided'));
