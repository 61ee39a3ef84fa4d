import { describe, expect, test } from 'vitest';
import {
  connectTcp,
  connectUnix,
  get,
  listenUnix,
  openByHandle,
  searchFiles,
  searchProcesses,
  sendPacket,
} from '../attempt.ts';
import { decided, inWords } from '../testing/oracle-input.ts';
import { canaryFound } from './canary.ts';

const token = 'cofferdam-canary-0123';
const attempt = searchFiles('file', ['/']);
const planted = { canary: (name: string) => (name === 'file' ? token : undefined) };
const own = canaryFound();
const kernelWide = canaryFound({ looksInto: 'kernel' });

describe('a canary that comes back', () => {
  test.each(['found', 'reply', 'text'])('as %s reached the node, whichever kernel answered', (field) => {
    for (const kernel of ['node', 'another', 'unknown'] as const) {
      const seen = { value: { [field]: `here: ${token}\n` } };
      expect(decided(own, seen, { attempt, kernel, witness: planted }).kind).toBe('reached');
    }
  });
  test('is told with its place', () => {
    const at = (place: unknown) => decided(own, { value: { found: token, at: place } }, { attempt, witness: planted });
    expect(at('/mnt/x')).toEqual({ kind: 'reached', seen: 'the file canary was read at /mnt/x' });
    expect(at('')).toEqual({ kind: 'reached', seen: 'the file canary was read' });
    expect(at(7)).toEqual({ kind: 'reached', seen: 'the file canary was read' });
  });
  test('in another field, or cut off, is none', () => {
    for (const value of [{ at: token }, { found: token.slice(1) }, { found: 'cofferdam-canary-' }])
      expect(decided(own, { value }, { attempt, witness: planted }).kind).toBe('contained');
  });
});

describe.each([
  ['a search', attempt, 'file'],
  ['a search of processes', searchProcesses('process'), 'process'],
  ['a handle', openByHandle('file', '/'), 'file'],
  ['a UNIX socket', connectUnix('/run/x'), 'socket'],
  ['a socket of its own', listenUnix('/run/x'), 'caller'],
  ['a TCP port', connectTcp('127.0.0.1:1'), 'loopback'],
  ['a packet', sendPacket('127.0.0.1:1', '10.0.0.1'), 'loopback'],
  ['a URL', get('http://127.0.0.1:1'), 'loopback'],
])('%s', (_, made, name) => {
  test(`looks for the ${name} canary and no other`, () => {
    const asked = (known: string) =>
      decided(
        own,
        { value: { reply: token } },
        { attempt: made, witness: { canary: (one) => (one === known ? token : undefined) } },
      );
    expect(asked(name).kind).toBe('reached');
    expect(asked('kernel-log').kind).toBe('undecided');
  });
});

describe('a canary that does not come back', () => {
  const seen = { value: { looked: 12 } };
  test('says nothing where none was planted', () => {
    expect(decided(own, seen, { attempt }).kind).toBe('undecided');
    expect(decided(own, seen, { attempt, witness: null }).kind).toBe('undecided');
    expect(decided(own, { errno: 'EPERM' }, { attempt }).kind).toBe('undecided');
  });
  test('was not looked for when the attempt was not made', () =>
    expect(decided(own, { notAttempted: 'crashed' }, { attempt })).toEqual({ kind: 'not-attempted', why: 'crashed' }));
  test('was refused when the attempt was', () => {
    expect(inWords(decided(own, { errno: 'EPERM' }, { attempt, witness: planted }))).toBe('denied EPERM');
    expect(inWords(decided(own, { errno: 'ENOENT' }, { attempt, witness: planted }))).toBe('absent');
  });
  test('is contained in a view of the container’s own, when it is known which kernel answered', () => {
    const given = { attempt, witness: planted };
    expect(decided(own, seen, { ...given, kernel: 'node' })).toEqual({
      kind: 'contained',
      seen: 'it looked into 12 places, none held the canary',
    });
    expect(decided(own, { value: {} }, { ...given, kernel: 'another' })).toEqual({
      kind: 'contained',
      seen: 'it answered, without the canary',
    });
    expect(decided(own, seen, { ...given, kernel: 'unknown' }).kind).toBe('undecided');
    const listened = { attempt: listenUnix('/run/x'), witness: { canary: () => token } };
    expect(decided(own, { value: { callers: 0 } }, { ...listened, kernel: 'another' })).toEqual({
      kind: 'contained',
      seen: 'nobody came to it from the node',
    });
  });
  test('may be where a search did not get to; what it found counts', () => {
    const cut = (value: Record<string, unknown>) =>
      decided(own, { value: { ...value, truncated: true } }, { attempt, witness: planted, kernel: 'node' }).kind;
    expect(cut({ looked: 4096 })).toBe('undecided');
    expect(cut({ looked: 4096, found: token })).toBe('reached');
  });
  test('is contained in what a kernel shows to all, only under another kernel', () => {
    const kinds = (['node', 'another', 'unknown'] as const).map(
      (kernel) => decided(kernelWide, seen, { attempt, witness: planted, kernel }).kind,
    );
    expect(kinds).toEqual(['undecided', 'contained', 'undecided']);
  });
});

test('needs the witness, and no truth beside it', () => {
  expect(own.needsWitness).toBe(true);
  expect(own.truths(attempt)).toEqual([]);
});
