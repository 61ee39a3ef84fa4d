import type { V1Pod } from '@kubernetes/client-node';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Collection } from './collection.ts';
import { fateOf } from './refusal.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] }));
afterEach(() => vi.useRealTimers());
// What is slept with are timers of Node's own, which nobody fakes.
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

/** A run of which one pod is known so, look by look. */
function run(warnings: readonly string[][], status: readonly V1Pod['status'][] = []): Collection {
  let looks = 0;
  return {
    plan: { namespace: 'x' },
    target: { warnings: () => Promise.resolve(warnings[looks++] ?? warnings.at(-1)) },
    pods: { get: () => ({ status: status[looks] }) },
    pace: { start: () => 100_000 },
    signal: new AbortController().signal,
  } as unknown as Collection;
}

async function fate(...known: Parameters<typeof run>) {
  const asked = fateOf(run(...known), 'pod', (text) => text.includes('refused'));
  await vi.runAllTimersAsync();
  return asked;
}

const started: V1Pod['status'] = {
  containerStatuses: [{ name: 'probe', image: '', imageID: '', ready: true, restartCount: 0, state: { running: {} } }],
};

test('a pod is refused by the word that says so, whenever it comes', async () => {
  expect(await fate([[], ['no address'], ['no address', 'it is refused: x']])).toEqual({
    started: false,
    message: 'it is refused: x',
  });
  expect(await fate([[]], [{ message: 'refused by the kubelet' }])).toMatchObject({
    message: 'refused by the kubelet',
  });
});

test('a pod that runs has started, whatever was said of it', async () => {
  expect(await fate([['no address']], [undefined, started])).toEqual({ started: true });
});

test('a pod that does not start for another reason is not refused', async () => {
  expect(await fate([['no address']])).toEqual({
    started: false,
    cause: 'the pod did not start; the cluster said: no address',
  });
  expect(await fate([[]])).toMatchObject({ cause: 'the pod did not start; the cluster said: nothing' });
});
