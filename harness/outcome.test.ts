import { describe, expect, test } from 'vitest';
import { refusal, withoutValue } from './outcome.ts';

const observed = { id: 'x', kind: 'open' };

describe('an errno', () => {
  test.each(['ENOENT', 'ENXIO', 'ENODEV', 'EAFNOSUPPORT', 'ENOTSUP', 'EOPNOTSUPP', 'ENOTDIR'])(
    '%s says that there is no such thing',
    (errno) => expect(refusal(errno, 'open')).toEqual({ kind: 'absent', seen: `open returned ${errno}` }),
  );
  test('ENOSYS says that the kernel has no such call', () =>
    expect(refusal('ENOSYS', 'mbind')).toEqual({
      kind: 'absent',
      seen: 'mbind returned ENOSYS',
      nothingBehind: 'the kernel has no such call',
    }));
  test.each(['EPERM', 'EACCES', 'EROFS', 'EBUSY', 'ETIMEDOUT', 'ECONNREFUSED', ''])(
    '%s says that it was refused',
    (errno) => expect(refusal(errno, undefined)).toEqual({ kind: 'denied', errno, seen: `the call returned ${errno}` }),
  );
});

describe('an observation', () => {
  test('with a value is for the oracle', () => expect(withoutValue({ ...observed, value: {} })).toBeUndefined());
  test('of what was not attempted says why', () =>
    expect(withoutValue({ ...observed, notAttempted: 'too late', errno: 'EPERM', value: {} })).toEqual({
      kind: 'not-attempted',
      why: 'too late',
    }));
  test('with an errno is what the errno says, whatever else it says', () =>
    expect(withoutValue({ ...observed, errno: 'EPERM', step: 'open', value: {} })).toEqual({
      kind: 'denied',
      errno: 'EPERM',
      seen: 'open returned EPERM',
    }));
  test('without any result is no attempt', () =>
    expect(withoutValue(observed)).toEqual({ kind: 'not-attempted', why: 'the probe reported no result' }));
});
