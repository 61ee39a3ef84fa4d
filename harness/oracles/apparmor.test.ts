import { expect, test } from 'vitest';
import { attemptId, openForReading, read } from '../attempt.ts';
import type { Observation } from '../attempt.ts';
import { decided, inWords } from '../testing/oracle-input.ts';
import { notConfined } from './apparmor.ts';

const attempt = read('/proc/self/attr/current');
const opens: Partial<Observation> = { value: {} };
const missing: Partial<Observation> = { errno: 'ENOENT', step: 'open' };
const [profiles, parser] = ['sys/kernel/security/apparmor/profiles', 'sbin/apparmor_parser'].map((path) =>
  attemptId(openForReading(`/proc/1/root/${path}`)),
);

interface Node {
  profiles?: Partial<Observation> | undefined;
  parser?: Partial<Observation> | undefined;
}

function see(observation: Partial<Observation>, kernel: 'node' | 'another' | 'unknown', node: Node = {}): string {
  const seen: Node = { profiles: opens, parser: opens, ...node };
  const told = new Map([
    [profiles, seen.profiles],
    [parser, seen.parser],
  ]);
  const truth = (asked: Parameters<typeof attemptId>[0]): Observation | undefined => {
    const of = told.get(attemptId(asked));
    return of && { id: attemptId(asked), kind: asked.kind, ...of };
  };
  return inWords(decided(notConfined(), observation, { attempt, kernel, witness: { truth } }));
}

test.each([
  ['a profile', { value: { text: 'cri-containerd.apparmor.d (enforce)\n' } }, 'denied confined'],
  ['a profile that kills', { value: { text: 'cri-containerd.apparmor.d (kill)\n' } }, 'denied confined'],
  ['two profiles', { value: { text: 'a//&:cri-containerd:b (enforce)' } }, 'denied confined'],
  ['a profile that only complains', { value: { text: 'cri-containerd.apparmor.d (complain)\n' } }, 'reached'],
  ['a profile with a name like a mode', { value: { text: 'x (enforce) (complain)\n' } }, 'reached'],
  ['no profile', { value: { text: 'unconfined\n' } }, 'reached'],
  ['an empty line', { value: { text: '\n' } }, 'undecided'],
  ['no text', { value: {} }, 'undecided'],
  ['no such file', missing, 'undecided'],
  ['a file that cannot be read', { errno: 'EACCES', step: 'open' }, 'undecided'],
  ['nothing', { notAttempted: 'late' }, 'not-attempted'],
])('on a node with AppArmor: %s', (_, observation, outcome) => expect(see(observation, 'node')).toBe(outcome));

const unconfined = { value: { text: 'unconfined\n' } };

test.each([
  ['a node without AppArmor', unconfined, { profiles: missing }, 'absent'],
  ['one whose container engine cannot load a profile', unconfined, { parser: missing }, 'absent'],
  ['the same with another security module', { errno: 'EINVAL', step: 'read' }, { profiles: missing }, 'absent'],
  [
    'one of which the witness may not know it',
    unconfined,
    { profiles: { errno: 'EACCES', step: 'open' } },
    'undecided',
  ],
  ['one whose witness did not look', unconfined, { parser: undefined }, 'undecided'],
])('%s', (_, observation, node, outcome) => expect(see(observation, 'node', node)).toBe(outcome));

test('a profile is that of the same pod under the reference handler', () => {
  const among = (own: string, theirs: Partial<Observation> | null, kernel: 'node' | 'another' = 'node') =>
    inWords(decided(notConfined(), { value: { text: own } }, { attempt, kernel, reference: theirs }));
  expect(among('a (enforce)', { value: { text: 'a (enforce)' } })).toBe('denied confined');
  expect(among('open (enforce)', { value: { text: 'a (enforce)' } })).toBe('reached');
  expect(among('a (enforce)', { value: { text: 'unconfined' } })).toBe('denied confined');
  expect(among('a (enforce)', { errno: 'EINVAL' })).toBe('denied confined');
  expect(among('a (enforce)', null)).toBe('denied confined');
  expect(among('a (enforce)', { value: { text: 'b (enforce)' } }, 'another')).toBe('absent');
});

test("another kernel's answer says nothing of the node's profiles", () => {
  expect(see(unconfined, 'another')).toBe('absent');
  expect(see(missing, 'another')).toBe('absent');
  expect(see(unconfined, 'unknown')).toBe('undecided');
});
