import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Collection } from './collection.ts';
import { Following, progressOf } from './following.ts';
import type { ClientPod } from '../plan/planned.ts';

const nonce = 'ab';
const client = { name: 'client', nonce } as ClientPod;
const targets = ['a-tcp', 'a-udp'];

/** A log of so many rounds, each with the same class for all targets. */
const logOf = (...rounds: string[]): string =>
  rounds
    .flatMap((result, round) => targets.map((target, index) => ({ target, class: result, seq: round * 2 + index + 1 })))
    .map((value) => `cofferdam/1 ${nonce} ${value.seq} ${JSON.stringify({ id: 'dial', kind: 'dial', value })}\n`)
    .join('');

type Follow = (followed: { signal: AbortSignal; onText: (soFar: string) => void }) => Promise<void>;

/** Clients' logs that come as `follow` gives them, and that read as `whole` when they are asked for. */
function following(follow: Follow, whole = ''): { following: Following; log: () => Promise<string>; end: () => void } {
  const controller = new AbortController();
  const log = vi.fn(() => Promise.resolve(whole));
  const target = {
    log,
    followLog: (_: string, __: string, ___: string, followed: Parameters<Follow>[0]) => follow(followed),
  };
  const run = { signal: controller.signal, plan: { tenants: { client: 'tenant-a' } }, target } as unknown as Collection;
  const started = new Following(run, [client]);
  onTestFinished(() => started[Symbol.dispose]());
  return { following: started, log, end: () => controller.abort(new Error('interrupted')) };
}

const untilEnded = (signal: AbortSignal) => sleep(60_000, undefined, { signal });

test('what a client has printed is known at once, and nothing is read for it', async () => {
  const { following: logs, log } = following(async ({ signal, onText }) => {
    onText(logOf('open'));
    await sleep(20);
    onText(logOf('open', 'timeout'));
    await sleep(20);
    onText(logOf('open', 'timeout', 'refused'));
    await untilEnded(signal);
  });
  const states = await logs.until(30_000, (state) => state.closed);
  expect(states).toEqual([{ last: 6, targets: 2, opened: 1, closed: true }]);
  expect(log).not.toHaveBeenCalled();
});

test('a log that is held back on its way is read before it is given up', async () => {
  const { following: logs, log } = following(({ signal }) => untilEnded(signal), logOf('open', 'open'));
  expect(await logs.until(50, (state) => state.opened > 0)).toEqual([
    { last: 4, targets: 2, opened: 3, closed: false },
  ]);
  expect(log).toHaveBeenCalledTimes(1);
});

test('a log that broke off is followed again, and what was known stays known', async () => {
  let connections = 0;
  const { following: logs } = following(async ({ signal, onText }) => {
    if (++connections === 1) {
      onText(logOf('open', 'open'));
      throw new Error('the connection was lost');
    }
    onText(logOf('open'));
    await sleep(20);
    expect(logs.states()[0]?.last).toBe(4);
    onText(logOf('open', 'open', 'open'));
    await untilEnded(signal);
  });
  expect((await logs.until(30_000, (state) => state.last === 6))[0]?.opened).toBe(5);
  expect(connections).toBe(2);
});

test('a run that is to end waits for nothing, and follows nothing any longer', async () => {
  let ended = false;
  const { following: logs, end } = following(({ signal }) =>
    untilEnded(signal).finally(() => {
      ended = true;
    }),
  );
  const waiting = logs.until(30_000, (state) => state.opened > 0);
  end();
  await expect(waiting).rejects.toThrow('interrupted');
  expect(ended).toBe(true);
});

test('one that is disposed of is followed no longer', async () => {
  let ended = false;
  const { following: logs } = following(({ signal }) =>
    untilEnded(signal).finally(() => {
      ended = true;
    }),
  );
  logs[Symbol.dispose]();
  await expect.poll(() => ended).toBe(true);
});

test.each([
  ['nothing', '', { last: 0, targets: 0, opened: 0, closed: false }],
  ['one round', logOf('open'), { last: 2, targets: 2, opened: 1, closed: false }],
  [
    'one round that was refused, after one that was not',
    logOf('open', 'refused'),
    { last: 4, targets: 2, opened: 1, closed: false },
  ],
  ['two that were', logOf('open', 'refused', 'timeout'), { last: 6, targets: 2, opened: 1, closed: true }],
  [
    'a line that is there in part',
    logOf('open', 'open').slice(0, -5),
    { last: 3, targets: 2, opened: 2, closed: false },
  ],
  ["another's lines", logOf('open').replaceAll(nonce, 'cd'), { last: 0, targets: 0, opened: 0, closed: false }],
])('%s in a log', (_, log, expected) => expect(progressOf(log, client)).toEqual(expected));

test('a target that need not be there holds nothing up, and is closed only when it is', () => {
  const round = (seq: number, ...classes: string[]) =>
    classes
      .map((result, index) => {
        const value = { target: ['a-tcp', 'a-tcp-link-local'][index], class: result, seq: seq + index };
        return `cofferdam/1 ${nonce} ${value.seq} ${JSON.stringify({ id: 'dial', kind: 'dial', value })}\n`;
      })
      .join('');
  const after = (...classes: string[]) => progressOf(round(1, ...classes) + round(3, ...classes), client);
  expect(after('open', 'timeout')).toMatchObject({ targets: 2, opened: 3, closed: false });
  expect(after('timeout', 'timeout')).toMatchObject({ opened: 0, closed: true });
  expect(after('timeout', 'open')).toMatchObject({ opened: 0, closed: false });
});

test('targets that were open in turn were all open', () => {
  const tried = (target: string, seq: number, result: string) =>
    `cofferdam/1 ${nonce} ${seq} ${JSON.stringify({ id: 'dial', kind: 'dial', value: { target, class: result, seq } })}\n`;
  const log = [
    tried('a-tcp', 1, 'open'),
    tried('a-udp', 2, 'ETIMEDOUT'),
    tried('a-tcp', 3, 'ETIMEDOUT'),
    tried('a-udp', 4, 'open'),
  ];
  expect(progressOf(log.slice(0, 3).join(''), client)).toMatchObject({ opened: 0 });
  expect(progressOf(log.join(''), client)).toMatchObject({ opened: 1 });
});

test('a target that rests is open as it was last, and not since the last number', () => {
  let lines = 0;
  const tried = (target: string, seq: number) =>
    `cofferdam/1 ${nonce} ${++lines} ${JSON.stringify({ id: 'dial', kind: 'dial', value: { target, class: 'open', seq } })}\n`;
  const rested = tried('a-tcp', 1) + tried('a-tcp-53', 2) + tried('a-tcp', 3) + tried('a-tcp', 5);
  expect(progressOf(rested, client)).toMatchObject({ last: 5, opened: 2 });
  expect(progressOf(rested + tried('a-tcp-53', 6), client)).toMatchObject({ last: 6, opened: 5 });
});
