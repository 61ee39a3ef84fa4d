import { describe, expect, test } from 'vitest';
import { peek } from '../attempt.ts';
import { decided, inWords } from '../testing/oracle-input.ts';
import type { Given } from '../testing/oracle-input.ts';
import { notMasked } from './masks.ts';

const kernels = ['node', 'another', 'unknown'] as const;
/** What comes out when the node's kernel answered, another, and nobody knows which. */
const byKernel = (value: Record<string, unknown>, given: Given = {}) =>
  kernels.map((kernel) => inWords(decided(notMasked(), { value }, { attempt: peek('/proc/kcore'), ...given, kernel })));
const worked = ['reached', 'contained', 'undecided'];

test('takes a failure as what it is, and needs the witness and the reference handler', () => {
  expect(inWords(decided(notMasked(), { errno: 'EPERM' }))).toBe('denied EPERM');
  expect(inWords(decided(notMasked(), { errno: 'ENOENT' }))).toBe('absent');
  expect(inWords(decided(notMasked(), {}))).toBe('not-attempted');
  expect(notMasked().needsWitness).toBe(true);
  expect(notMasked().comparesWithReference).toBe(true);
  expect(notMasked().truths(peek('/proc/kcore'))).toEqual([]);
});

describe('a path that ought to be masked', () => {
  const masked = ['denied masked', 'denied masked', 'denied masked'];
  const behind = (value: Record<string, unknown>) => byKernel(value);
  test('is masked by /dev/null, an empty directory or an empty file', () => {
    expect(behind({ type: 'char', major: 1, minor: 3 })).toEqual(masked);
    expect(behind({ type: 'dir', entries: 0 })).toEqual(masked);
    expect(behind({ type: 'file', bytes: 0 })).toEqual(masked);
  });
  test.each([
    { type: 'char', major: 1, minor: 5, bytes: 1 },
    { type: 'char', major: 5, minor: 3, bytes: 1 },
    { type: 'block', major: 1, minor: 3, bytes: 1 },
    { type: 'dir', entries: 1, bytes: 0 },
    { type: 'file', bytes: 1, entries: 0 },
    { type: 'file' },
    {},
    { type: 'file', fstype: 'proc', refused: 'EPERM' },
    { type: 'dir', fstype: 'sysfs', refused: 'EACCES' },
  ])('is not by %j', (value) => expect(behind(value)).toEqual(worked));
  test.each([
    { type: 'dir', fstype: 'proc', entries: 0 },
    { type: 'file', fstype: 'sysfs', bytes: 0 },
  ])('has nothing behind it where the node’s kernel shows it empty: %j', (value) => {
    expect(decided(notMasked(), { value }, { attempt: peek('/proc/acpi'), kernel: 'node' })).toEqual({
      kind: 'absent',
      seen: 'it is there, unmasked and empty',
      nothingBehind: 'there is nothing behind it',
    });
    expect(behind(value).slice(1)).toEqual(masked.slice(1));
    expect(behind({ ...value, fstype: 'tmpfs' })).toEqual(masked);
  });
  test('is by a file system of its own that lets nobody in', () =>
    expect(behind({ type: 'dir', fstype: 'tmpfs', refused: 'EACCES' })).toEqual(Array(3).fill('denied EACCES')));
});

describe('a mask that older kubelets do not ask for', () => {
  const content = { type: 'file', bytes: 9 };
  const mask = { type: 'char', major: 1, minor: 3 };
  const seen = (path: string, kubelet: string, reference: Given['reference'], kernel: Given['kernel'] = 'node') =>
    decided(
      notMasked(),
      { value: content },
      { attempt: peek(path), kernel, witness: { kubelet }, ...(reference !== undefined && { reference }) },
    );
  const none = { value: content };

  test.each([
    ['v1.30.14', 'absent'],
    ['v1.31.13', 'absent'],
    ['v1.31.14', 'reached'],
    ['v1.32.9+k3s1', 'absent'],
    ['v1.32.10+k3s1', 'reached'],
    ['v1.33.4-eks-99bf83d', 'absent'],
    ['v1.33.10', 'reached'],
    ['v1.34.0', 'reached'],
    ['v1.36.3', 'reached'],
    ['v2.0.0', 'reached'],
    ['v0.99.0', 'absent'],
    ['', 'absent'],
    ['a fork', 'absent'],
  ])('of interrupts, by kubelet “%s”: %s', (kubelet, kind) => {
    expect(seen('/proc/interrupts', kubelet, none).kind).toBe(kind);
    expect(seen('/sys/devices/system/cpu/cpu0/thermal_throttle', kubelet, none).kind).toBe('absent');
    expect(seen('/proc/kcore', kubelet, none).kind).toBe('reached');
  });
  test.each([
    ['v1.30.1', 'absent'],
    ['v1.31.0', 'reached'],
    ['v1.32.1', 'reached'],
  ])('of the power that is used, by kubelet %s: %s', (kubelet, kind) =>
    expect(seen('/sys/devices/virtual/powercap', kubelet, none).kind).toBe(kind),
  );
  test('is one that the same pod under the reference handler has', () => {
    for (const there of [{ value: mask }, { errno: 'ENOENT' }])
      for (const path of ['/proc/interrupts', '/sys/devices/system/cpu/cpu0/thermal_throttle'])
        expect(seen(path, 'v1.30.1', there)).toMatchObject({ kind: 'reached' });
  });
  test('is not decided where nothing is known of that pod', () => {
    expect(seen('/proc/interrupts', 'v1.30.1', null).kind).toBe('undecided');
    expect(seen('/proc/interrupts', 'v1.30.1', { notAttempted: 'cut' }).kind).toBe('undecided');
  });
  test('is compared with nothing in a control, and with nothing under another kernel', () => {
    expect(seen('/proc/interrupts', 'v1.30.1', undefined).kind).toBe('reached');
    expect(seen('/proc/interrupts', 'v1.30.1', none, 'another').kind).toBe('contained');
  });
  test('says whom nobody asked', () => {
    expect(seen('/proc/interrupts', 'v1.30.1', none)).toMatchObject({
      noBoundary: expect.stringContaining('the kubelet (v1.30.1) may not ask') as string,
    });
    expect(seen('/proc/interrupts', '', none)).toMatchObject({
      noBoundary: expect.stringContaining('the kubelet (of an unknown version)') as string,
    });
  });
});
