import { describe, expect, test } from 'vitest';
import * as attempts from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { attemptId, resolveAttempt } from './attempt.ts';

/** Each constructor, and what the probe is told. */
test.each<[string, Attempt, object]>([
  ['read', attempts.read('/x'), { kind: 'read', path: '/x' }],
  ['read a part', attempts.read('/x', 9), { kind: 'read', path: '/x', max: 9 }],
  ['openForReading', attempts.openForReading('/x'), { kind: 'open', path: '/x', flags: 'r' }],
  ['openForWriting', attempts.openForWriting('/x'), { kind: 'open', path: '/x', flags: 'w' }],
  ['peek', attempts.peek('/x'), { kind: 'peek', path: '/x' }],
  ['list', attempts.list('/x'), { kind: 'list', path: '/x' }],
  ['searchFiles', attempts.searchFiles('file', ['/x']), { kind: 'search', where: 'files', sha256: 'D', paths: ['/x'] }],
  ['searchProcesses', attempts.searchProcesses('file'), { kind: 'search', where: 'processes', sha256: 'D' }],
  ['searchKernelLog', attempts.searchKernelLog('file'), { kind: 'search', where: 'kernel-log', sha256: 'D' }],
  [
    'searchSharedMemory',
    attempts.searchSharedMemory('file', '7'),
    { kind: 'search', where: 'sysv-shm', sha256: 'D', key: 7 },
  ],
  ['connectUnix', attempts.connectUnix('/x'), { kind: 'connect', network: 'unix', address: '/x' }],
  ['connectTcp', attempts.connectTcp('a:1'), { kind: 'connect', network: 'tcp', address: 'a:1' }],
  ['sendPacket', attempts.sendPacket('a:1', 'b'), { kind: 'packet', address: 'a:1', via: 'b' }],
  ['get', attempts.get('http://a'), { kind: 'http', url: 'http://a' }],
  [
    'getWithToken',
    attempts.getWithToken('http://a'),
    { kind: 'http', url: 'http://a', token: '/var/run/secrets/kubernetes.io/serviceaccount/token' },
  ],
  ['call', attempts.call('keyctl'), { kind: 'call', call: 'keyctl' }],
  [
    'openByHandle',
    attempts.openByHandle('file', '/x'),
    { kind: 'handle', mount: '/x', type: 1, handle: 'ff', sha256: 'D' },
  ],
  ['openDevice', attempts.openDevice('b', '8', '1'), { kind: 'device', type: 'b', major: 8, minor: 1 }],
  ['namespaces', attempts.namespaces(), { kind: 'namespaces' }],
  ['namespaces of pid 1', attempts.namespaces('pid1'), { kind: 'namespaces', of: 'pid1' }],
  ['credentials', attempts.credentials(), { kind: 'credentials' }],
  ['files', attempts.files(), { kind: 'files' }],
  ['files below a directory', attempts.files('/x'), { kind: 'files', path: '/x' }],
  ['environment', attempts.environment(), { kind: 'environment' }],
  ['mounts', attempts.mounts(), { kind: 'mounts' }],
  ['disks', attempts.disks(), { kind: 'disks' }],
  ['volumes', attempts.volumes(), { kind: 'volumes' }],
  ['descriptors', attempts.descriptors(), { kind: 'descriptors' }],
  ['a leaked descriptor', attempts.descriptors('/x'), { kind: 'descriptors', leak: '/x' }],
  ['load', attempts.load('2500'), { kind: 'load', slots: 2500 }],
  ['identity', attempts.identity(), { kind: 'identity' }],
])('%s', (_, attempt, told) =>
  expect(resolveAttempt(attempt, { 'digest.file': 'D', 'file.handleType': 1, 'file.handle': 'ff' })).toEqual({
    attempt: told,
  }),
);

test('has an id by what it is, whatever the order of its fields', () => {
  expect(attemptId({ kind: 'read', path: '/x' })).toBe('read-3dfa023c3b39');
  expect(attemptId({ path: '/x', kind: 'read' })).toBe(attemptId(attempts.read('/x')));
  expect(attemptId(attempts.read('/y'))).not.toBe(attemptId(attempts.read('/x')));
});

describe('a placeholder', () => {
  const filled = (path: string, facts: attempts.Facts) => resolveAttempt(attempts.read(path), facts);
  test('stands anywhere in a text, more than once', () =>
    expect(filled('/{a}/x/{b.c-d}/{a}', { a: 1, 'b.c-d': 'z' })).toEqual({
      attempt: { kind: 'read', path: '/1/x/z/1' },
    }));
  test('alone keeps the type of its fact', () => {
    expect(filled('{a}', { a: 1 })).toEqual({ attempt: { kind: 'read', path: 1 } });
    expect(filled('x{a}', { a: 1 })).toEqual({ attempt: { kind: 'read', path: 'x1' } });
    expect(filled('{a}x', { a: 1 })).toEqual({ attempt: { kind: 'read', path: '1x' } });
  });
  test('is filled in lists', () =>
    expect(
      resolveAttempt(attempts.searchFiles('file', ['{a}/x', '/y']), { a: '/z', 'digest.file': 'D' }),
    ).toMatchObject({
      attempt: { paths: ['/z/x', '/y'] },
    }));
  test('without its fact leaves the attempt unmade', () => {
    expect(filled('/{a}/{b}', { a: 'x' })).toEqual({ missing: 'b' });
    expect(resolveAttempt(attempts.searchProcesses('file'), {})).toEqual({ missing: 'digest.file' });
  });
  test('may stand for nothing', () =>
    expect(filled('{a}', { a: '' })).toEqual({ attempt: { kind: 'read', path: '' } }));
});

describe('a number for the probe', () => {
  test.each(['major', 'minor', 'key', 'slots'])('is what %s is, written as digits', (name) => {
    const told = (value: string) => resolveAttempt({ kind: 'identity', [name]: value } as unknown as Attempt, {});
    expect(told('12')).toEqual({ attempt: { kind: 'identity', [name]: 12 } });
    for (const text of ['x12', '12x', '']) expect(told(text)).toEqual({ attempt: { kind: 'identity', [name]: text } });
  });
  test('is not what another field says in digits', () =>
    expect(resolveAttempt(attempts.read('12'), {})).toEqual({ attempt: { kind: 'read', path: '12' } }));
  test('that is one already stays', () =>
    expect(resolveAttempt({ kind: 'read', path: '/x', max: 9 }, {})).toEqual({
      attempt: { kind: 'read', path: '/x', max: 9 },
    }));
});
