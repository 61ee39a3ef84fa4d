import { expect, test } from 'vitest';
import { creationOf, isTimeout } from './creation.ts';
import type { Creation } from './creation.ts';

const timeout = 'Timeout: request did not complete within requested timeout - context deadline exceeded';

test.each<[string, number, string, string, boolean, Creation]>([
  ['a server that was too busy', 504, 'Timeout', timeout, false, 'later'],
  ['one that is still too busy', 504, 'Timeout', timeout, true, 'later'],
  ['one that asks for another try', 500, 'ServerTimeout', 'try again', false, 'later'],
  ['a pod that the busy server had made', 409, 'AlreadyExists', 'pods "x" already exists', true, 'created'],
  ["somebody else's pod", 409, 'AlreadyExists', 'pods "x" already exists', false, 'refused'],
  ['another conflict', 409, 'Conflict', 'changed', true, 'refused'],
  ['no service account yet', 403, 'Forbidden', 'error looking up service account x/default: not found', false, 'later'],
  ['no service account, in other words', 403, 'Forbidden', 'serviceaccount "default" not found', false, 'later'],
  ['a quota', 403, 'Forbidden', 'exceeded quota: x', false, 'refused'],
  ['the same words of another failure', 422, 'Invalid', 'serviceaccount "default" not found', false, 'refused'],
  ['no answer', 0, '', 'socket hang up', true, 'refused'],
])('%s', (_, status, reason, message, timedOut, expected) =>
  expect(creationOf({ status, reason, message }, timedOut)).toBe(expected),
);

test('a time-out is the server’s own', () => {
  expect(['Timeout', 'ServerTimeout', 'TooManyRequests', ''].map(isTimeout)).toEqual([true, true, false, false]);
});
