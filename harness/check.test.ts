import { describe, expect, test } from 'vitest';
import {
  contained,
  controlAttempts,
  defineCheck,
  deniedWith,
  exposed,
  identity,
  isolationClasses,
  notThere,
  onReference,
  reaches,
  read,
  stopped,
  suiteOf,
  touches,
  weakened,
} from './check.ts';
import type { Attempt } from './check.ts';
import { allowed } from './oracles.ts';

test('the classes and touches that there are, mildest first', () => {
  expect(isolationClasses).toEqual(['shared-kernel', 'application-kernel', 'guest-kernel']);
  expect(touches).toEqual(['read', 'open', 'call', 'canary', 'load']);
});

test('an expectation is what it says', () => {
  expect(exposed('why')).toEqual({ kind: 'exposed', because: 'why' });
  expect(stopped('denied', 'absent')).toEqual({ kind: 'stopped', by: ['denied', 'absent'] });
  expect(deniedWith('EPERM')).toEqual({ kind: 'stopped', by: ['denied'], errnos: ['EPERM'] });
  expect(contained).toEqual({ kind: 'stopped', by: ['contained'] });
  expect(reaches).toEqual({ kind: 'reaches' });
  const surface = { kind: 'not-applicable', fact: 'none', shownBy: 'absent' };
  expect(notThere('none')).toEqual({ ...surface, otherwise: ['denied', 'contained'] });
  expect(notThere('none', ['denied'])).toEqual({ ...surface, otherwise: ['denied'] });
});

describe.each([
  ['onReference', onReference, 'reference'],
  ['weakened', weakened, 'weakened'],
] as const)('%s', (_, control, on) => {
  test('makes the same attempt in another profile', () =>
    expect(control('privileged')).toEqual({ on, profile: 'privileged' }));
  test('or a twin of it', () =>
    expect(control('privileged', identity())).toEqual({ on, profile: 'privileged', attempt: identity() }));
});

test('a check has a list of attempts, however many its file names', () => {
  const rest = {
    id: 'a/b',
    claim: '',
    because: '',
    references: [],
    requirements: [],
    touch: 'read',
    subject: 'restricted',
    reached: allowed(),
    control: onReference('restricted'),
    expect: { 'shared-kernel': contained, 'application-kernel': contained, 'guest-kernel': contained },
  } as const;
  expect(defineCheck({ ...rest, attempt: identity() }).attempts).toEqual([identity()]);
  expect(defineCheck({ ...rest, attempt: [identity(), read('/x')] }).attempts).toEqual([identity(), read('/x')]);
});

test.each([
  ['kernel-isolation/boot-id-is-not-the-nodes', 'kernel-isolation'],
  ['alone', 'alone'],
])('the suite of %s is %s', (id, suite) => expect(suiteOf(id)).toBe(suite));

test('a control tries the same, or a twin for all attempts, or one for each', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((path) => read(path)) as [Attempt, Attempt, Attempt, Attempt];
  const tried = (twin?: Attempt | Attempt[]) =>
    controlAttempts(
      defineCheck({
        id: 'x/y',
        claim: '',
        because: '',
        references: [],
        requirements: [],
        touch: 'read',
        subject: 'restricted',
        attempt: [a, b],
        reached: allowed(),
        control: onReference('privileged', twin),
        expect: { 'shared-kernel': contained, 'application-kernel': contained, 'guest-kernel': contained },
      }),
    );
  expect(tried()).toEqual([a, b]);
  expect(tried(c)).toEqual([c, c]);
  expect(tried([c, d])).toEqual([c, d]);
  expect(() => tried([c])).toThrow('1 twins of 2 attempts');
});
