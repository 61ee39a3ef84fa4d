import { describe, expect, test } from 'vitest';
import type { OracleInput } from '../outcome.ts';
import { mountsBeyondTheSpecification, mountsPropagate, rootWritable } from './mounts.ts';

const input = (value: Record<string, unknown>, answer: 'node' | 'another' = 'node'): OracleInput =>
  ({ observation: { id: 'x', kind: 'mounts', value }, kernel: { answer, why: 'so it is' } }) as OracleInput;
const mount = (point: string, fstype: string, options = 'rw,relatime') => ({ point, fstype, source: 'src', options });
const ordinary = [
  mount('/', 'overlay', 'ro,relatime'),
  mount('/proc', 'proc'),
  mount('/proc/kcore', 'tmpfs'),
  mount('/dev', 'tmpfs'),
  mount('/dev/termination-log', 'ext4'),
  mount('/sys/fs/cgroup', 'cgroup2'),
  mount('/etc/hosts', 'ext4'),
  mount('/tmp', 'ext4'),
];

describe('mountsBeyondTheSpecification', () => {
  const decide = (...more: unknown[]) =>
    mountsBeyondTheSpecification().decide(input({ mounts: [...ordinary, ...more] }));

  test('accepts what every pod has', () => expect(decide().kind).toBe('absent'));
  test.each([
    ['a directory of the node', mount('/host', 'ext4')],
    ['a socket of the node', mount('/run/containerd/containerd.sock', 'tmpfs')],
    ["a process file system that is not the container's", mount('/host/proc', 'proc')],
    ['a directory of a disk below /dev', mount('/dev/data', 'ext4')],
    ['a directory of a disk below /proc', mount('/proc/1', 'overlay')],
    ['a shared directory of a guest', mount('/opt', 'virtiofs')],
    ['a name that only looks like one of the kernel', mount('/devices', 'tmpfs')],
  ])('finds %s', (_, extra) =>
    expect(decide(extra)).toMatchObject({ kind: 'reached', seen: expect.stringContaining(extra.point) as string }),
  );

  test('does not tell from a list that was cut off, unless it found something', () => {
    const cut = (mounts: unknown[]) => mountsBeyondTheSpecification().decide(input({ mounts, truncated: true })).kind;
    expect(cut(ordinary)).toBe('undecided');
    expect(cut([...ordinary, mount('/host', 'ext4')])).toBe('reached');
  });
  test('does not tell from an empty list', () =>
    expect(mountsBeyondTheSpecification().decide(input({ mounts: [] })).kind).toBe('undecided'));
});

describe('rootWritable', () => {
  const decide = (...mounts: unknown[]) => rootWritable().decide(input({ mounts })).kind;

  test('looks at the mount on top', () => {
    expect(decide(mount('/', 'overlay', 'ro'))).toBe('denied');
    expect(decide(mount('/', 'overlay', 'rw'), mount('/', 'overlay', 'ro,nosuid'))).toBe('denied');
    expect(decide(mount('/', 'overlay', 'ro'), mount('/', 'overlay', 'rw'))).toBe('reached');
  });
  test('takes no word that only begins so', () =>
    expect(decide(mount('/', 'overlay', 'rw,rootcontext=x'))).toBe('reached'));
  test('does not tell without a root', () => expect(decide(mount('/proc', 'proc', 'ro'))).toBe('undecided'));
});

describe('mountsPropagate', () => {
  const line = (fields: string) => `22 21 0:20 / /here rw,relatime ${fields}- ext4 /dev/vda rw,shared:9 \n`;
  const decide = (text: string, answer?: 'node' | 'another') => mountsPropagate().decide(input({ text }, answer)).kind;

  test.each([
    ['private', '', 'absent'],
    ['a slave', 'master:3 ', 'absent'],
    ['shared', 'shared:3 ', 'reached'],
    ['shared and a slave', 'master:1 shared:3 ', 'reached'],
  ])('%s', (_, fields, kind) => expect(decide(line(fields))).toBe(kind));
  test("a guest's mounts are its own", () => expect(decide(line('shared:3 '), 'another')).toBe('contained'));
  test('does not tell from nothing', () => expect(decide('')).toBe('undecided'));
});
