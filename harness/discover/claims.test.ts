import { expect, test } from 'vitest';
import type { IsolationClass } from '../check.ts';
import { claimOf } from './claims.ts';

const nothing = new Map<string, IsolationClass>();

test.each([
  ['kata', 'guest-kernel'],
  ['kata-qemu', 'guest-kernel'],
  ['kata-clh', 'guest-kernel'],
  ['kata_fc', 'guest-kernel'],
  ['kata.remote', 'guest-kernel'],
  ['katafc', 'guest-kernel'],
  ['kata2', 'guest-kernel'],
  ['runsc', 'application-kernel'],
  ['gvisor', 'application-kernel'],
  ['runc', 'shared-kernel'],
  ['crun', 'shared-kernel'],
  ['youki', 'shared-kernel'],
])('handler %s is known to promise a %s', (handler, isolationClass) => {
  expect(claimOf('x', handler, nothing)).toEqual({
    isolationClass,
    by: expect.stringContaining(`handler ${handler} is named as`) as string,
  });
});

test.each(['microvm', 'my-kata', 'runsc2', 'runc-kata', 'krun', '', 'Kata'])(
  'handler "%s" promises nothing',
  (handler) => {
    expect(claimOf('x', handler, nothing)).toBeUndefined();
  },
);

test('of a RuntimeClass and a handler with different promises the stronger one is tested', () => {
  expect(claimOf('kata-qemu', 'runc', nothing)).toMatchObject({ isolationClass: 'guest-kernel' });
  expect(claimOf('runc', 'kata-qemu', nothing)).toMatchObject({ isolationClass: 'guest-kernel' });
  expect(claimOf('gvisor', 'runc', nothing)).toMatchObject({ isolationClass: 'application-kernel' });
});

test('the word of the user counts for more than any name, by RuntimeClass before handler', () => {
  const stated = new Map<string, IsolationClass>([
    ['fast', 'guest-kernel'],
    ['kata', 'shared-kernel'],
  ]);
  expect(claimOf('fast', 'kata', stated)).toEqual({ isolationClass: 'guest-kernel', by: '--claim' });
  expect(claimOf('other', 'kata', stated)).toEqual({ isolationClass: 'shared-kernel', by: '--claim' });
});
