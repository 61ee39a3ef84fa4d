import { describe, expect, test } from 'vitest';
import { call, openDevice, read } from '../attempt.ts';
import { decided } from '../testing/oracle-input.ts';
import { settingsOf } from './hardening.ts';
import { allowed, allowedBeyondTheReference } from './kernel.ts';

const lockdown = read('/proc/1/root/sys/kernel/security/lockdown');
const rings = read('/proc/sys/kernel/io_uring_disabled');
const users = read('/proc/sys/user/max_user_namespaces');
const memory = openDevice('c', '1', '1');
const ports = openDevice('c', '1', '4');

describe('what a node refuses to everybody', () => {
  test.each([
    [memory, lockdown, 'none [integrity] confidentiality\n'],
    [ports, lockdown, 'none integrity [confidentiality]\n'],
    [call('iopl'), lockdown, 'none [integrity] confidentiality\n'],
    [call('io_uring_setup'), rings, '2\n'],
    [call('unshare_user'), users, '0\n'],
  ])('%j is told by its setting', (attempt, truthOf, text) => {
    expect(settingsOf(attempt)).toEqual([truthOf]);
    for (const oracle of [allowed(), allowedBeyondTheReference()]) {
      expect(oracle.truths(attempt)).toEqual([truthOf]);
      expect(decided(oracle, { errno: 'EPERM' }, { attempt, truthOf, truth: { value: { text } } })).toMatchObject({
        kind: 'denied',
        errno: 'EPERM',
        byTheNode: expect.stringMatching(/^\/(proc|sys)\/\S+ is \S/) as string,
      });
    }
  });
  test.each([
    [memory, lockdown, '[none] integrity confidentiality\n'],
    [call('io_uring_setup'), rings, '1\n'],
    [call('io_uring_setup'), rings, '20\n'],
    [call('unshare_user'), users, '100\n'],
    [call('bpf'), lockdown, '[integrity]'],
    [openDevice('c', '1', '3'), lockdown, '[integrity]'],
    [openDevice('b', '1', '1'), lockdown, '[integrity]'],
    [openDevice('c', '2', '1'), lockdown, '[integrity]'],
    [call('unshare_user'), rings, '2\n'],
  ])('%j is not with %j at %j', (attempt, truthOf, text) =>
    expect(decided(allowed(), { errno: 'EPERM' }, { attempt, truthOf, truth: { value: { text } } })).not.toHaveProperty(
      'byTheNode',
    ),
  );
  test('is not known without the witness', () => {
    expect(decided(allowed(), { errno: 'EPERM' }, { attempt: memory, witness: null })).not.toHaveProperty('byTheNode');
    const truth = { errno: 'ENOENT' };
    expect(decided(allowed(), { errno: 'EPERM' }, { attempt: memory, truthOf: lockdown, truth })).not.toHaveProperty(
      'byTheNode',
    );
  });
  test('excuses nothing that worked, and nothing that is absent', () => {
    const given = { attempt: memory, truthOf: lockdown, truth: { value: { text: '[integrity]' } } };
    expect(decided(allowed(), { value: {} }, { ...given, kernel: 'node' }).kind).toBe('reached');
    expect(decided(allowed(), { errno: 'ENOENT' }, given)).not.toHaveProperty('byTheNode');
  });
});
