import { describe, expect, test } from 'vitest';
import type { Oracle, OracleInput } from '../outcome.ts';
import { decided } from '../testing/oracle-input.ts';
import { callsNotFiltered, privilegesCanBeGained, runsAsAnotherThan } from './privileges.ts';

const decide = (oracle: Oracle, value: Record<string, unknown>, answer: 'node' | 'another' | 'unknown' = 'node') =>
  oracle.decide({
    observation: { id: 'x', kind: 'credentials', value },
    kernel: { answer, why: 'so it is' },
  } as OracleInput).kind;

describe('callsNotFiltered', () => {
  test.each([
    [0, 'node', 'reached'],
    [0, 'another', 'contained'],
    [0, 'unknown', 'undecided'],
    [2, 'node', 'denied'],
    [null, 'another', 'absent'],
  ] as const)('mode %s under the kernel “%s” is %s', (seccomp, answer, kind) =>
    expect(decide(callsNotFiltered(), { seccomp }, answer)).toBe(kind),
  );
});

describe('privilegesCanBeGained', () => {
  test.each([
    [0, 'reached'],
    [1, 'denied'],
    [null, 'absent'],
  ] as const)('no_new_privs %s is %s', (noNewPrivs, kind) =>
    expect(decide(privilegesCanBeGained(), { noNewPrivs })).toBe(kind),
  );
});

describe('runsAsAnotherThan', () => {
  test.each([
    [0, 0, [], 'reached'],
    [65532, 0, [0], 'reached'],
    [0, 65532, [65532], 'reached'],
    [65532, 65532, [65532], 'denied'],
    [65532, 65532, [65532, 6], 'reached'],
    [1000, 65532, [65532], 'reached'],
    [65532, 1000, [1000], 'reached'],
    [65532, 65532, [65532, 0], 'reached'],
    [65532, 65532, [65532, 1_000_650_000], 'denied'],
    [-1, -1, [], 'undecided'],
  ])('user %d, group %d and groups %j is %s', (uid, gid, groups, kind) =>
    expect(decide(runsAsAnotherThan({ uid: 65532, gid: 65532 }), { uid, gid, groups })).toBe(kind),
  );

  test.each([
    ['that the same pod under the reference handler is not in', { value: { groups: [65532] } }, 'reached'],
    ['that it is in, too', { value: { groups: [1_000_650_000, 65532] } }, 'denied'],
    ['of which that pod said nothing', null, 'undecided'],
    ['where that pod was refused to look', { errno: 'EACCES' }, 'undecided'],
  ])('an ordinary group %s', (_, reference, kind) => {
    const value = { uid: 65532, gid: 65532, groups: [65532, 1_000_650_000] };
    expect(decided(runsAsAnotherThan({ uid: 65532, gid: 65532 }), { value }, { reference }).kind).toBe(kind);
  });
  test('what was asked for needs no comparison', () => {
    const value = { uid: 65532, gid: 65532, groups: [65532] };
    expect(decided(runsAsAnotherThan({ uid: 65532, gid: 65532 }), { value }, { reference: null }).kind).toBe('denied');
  });
  test("one of the system is one, though the reference's pod is in it", () => {
    const value = { uid: 65532, gid: 65532, groups: [6] };
    expect(decided(runsAsAnotherThan({ uid: 65532, gid: 65532 }), { value }, { reference: { value } }).kind).toBe(
      'reached',
    );
  });
  test('compares with the reference handler, and needs no witness', () => {
    const oracle = runsAsAnotherThan({ uid: 65532, gid: 65532 });
    expect(oracle.comparesWithReference).toBe(true);
    expect(oracle.needsWitness).toBe(false);
  });
});
