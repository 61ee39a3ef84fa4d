import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { ClusterError } from '../fixtures/cluster/errors.ts';
import { TargetError } from '../harness/targets/errors.ts';
import { UsageError } from '../harness/usage.ts';
import { endingOf } from './ending.ts';
import { Interruption } from './interrupt.ts';

const refused = new TargetError('the API server refused', { status: 403, reason: 'Forbidden', message: 'no' });

test.each<[string, unknown, ReturnType<typeof endingOf>]>([
  ['help', new CommanderError(0, 'commander.help', ''), { exitCode: 0 }],
  ['a wrong option, of which commander told', new CommanderError(1, 'x', 'no'), { exitCode: 2 }],
  ['wrong usage', new UsageError('there is no check x'), { exitCode: 2, message: 'there is no check x' }],
  ['a cluster that does not come up', new ClusterError('no QEMU'), { exitCode: 3, message: 'no QEMU' }],
  [
    'the user, early',
    new Interruption('interrupted by SIGINT'),
    { exitCode: 3, message: 'interrupted by SIGINT, before there was a result' },
  ],
])('%s is no fault of ours', (_, error, expected) => expect(endingOf(error)).toEqual(expected));

test('an API server that refuses comes with what to do next', () =>
  expect(endingOf(refused)).toMatchObject({
    exitCode: 3,
    message: refused.message,
    next: expect.stringContaining('doctor') as string,
  }));

test('anything else is one, and says where', () => {
  expect(endingOf(new TypeError('x is undefined'))).toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/TypeError: x is undefined\n +at /) as string,
    next: expect.stringContaining('fault of cofferdam') as string,
  });
  expect(endingOf('thrown')).toMatchObject({ exitCode: 3, message: 'thrown' });
});
