import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadCatalogue } from '../catalogue.ts';
import { collect } from './collect.ts';
import { evaluate } from '../judge/evaluate.ts';
import type { JudgedCheck } from '../evidence.ts';
import { Journal } from '../journal.ts';
import { makePlan } from '../plan/plan.ts';
import { silent } from '../progress.ts';
import { cellOf, evidenceOf, gvisor, runc } from '../testing/evidence.ts';
import { refusingTarget } from '../testing/refusing-target.ts';
import type { Refusals } from '../testing/refusing-target.ts';

// Vitest's clock does not reach the promises of Node's timers.
vi.mock('node:timers/promises', () => ({
  setTimeout: (milliseconds: number, value: unknown, { signal }: { signal?: AbortSignal } = {}) =>
    new Promise((resolve, reject) => {
      const fail = () => reject(signal?.reason as Error);
      if (signal?.aborted) return fail();
      signal?.addEventListener('abort', fail);
      setTimeout(() => resolve(value), milliseconds);
    }),
}));

const checks = await loadCatalogue();
const cells = [runc, gvisor, cellOf('kata', 'guest-kernel')];

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cofferdam-collect-'));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(directory, { recursive: true });
});

/** Collects on a cluster that refuses, and judges every planned check by what came of it. */
async function run(refusals: Refusals, signal = new AbortController().signal) {
  const plan = makePlan([...checks.values()], cells);
  const fake = refusingTarget(refusals);
  const collecting = collect(plan, fake.target, {
    image: 'probe',
    digests: ['sha256:probe'],
    maxPods: 4,
    timeoutScale: 1,
    nodeAddresses: new Map(),
    journal: new Journal(directory),
    progress: silent,
    signal,
  });
  const ended = vi.fn();
  void collecting.finally(ended);
  for (let minutes = 0; ended.mock.calls.length === 0 && minutes < 600; minutes++)
    await vi.advanceTimersByTimeAsync(60_000);
  const collected = await collecting;
  const evidence = evidenceOf([], { ...collected, cells, roster: [...plan.roster] });
  const verdicts = plan.roster
    .filter(({ check }) => check !== 'runtime-attribution/every-check-has-one-verdict')
    .map((planned) => evaluate(checks.get(planned.check)!, planned, evidence, checks));
  return { ...fake, plan, collected, verdicts };
}

/** What does not apply to a handler by what it is needs no look at it. */
const decided = (verdicts: readonly JudgedCheck[]) =>
  verdicts
    .filter(({ verdict }) => verdict !== 'inconclusive' && verdict !== 'not-applicable')
    .map(({ check, verdict }) => `${check} ${verdict}`);

describe('nothing is decided, everything is judged and what was made is deleted, where', () => {
  test('no namespace can be made', async () => {
    const { collected, verdicts, created, deleted, plan } = await run({ namespaces: 'exceeded quota: no-namespaces' });
    expect(decided(verdicts)).toEqual([]);
    expect(collected.troubles[0]?.cause).toContain('exceeded quota: no-namespaces');
    expect(verdicts.filter(({ to }) => to).every(({ reason }) => reason.includes('exceeded quota'))).toBe(true);
    expect(created).toEqual([]);
    expect(deleted).toContain(plan.namespace);
  });

  test('admission refuses every pod, those of the controls too', async () => {
    const { collected, verdicts, created, deleted } = await run({ pods: 'admission webhook "no" denied the request' });
    expect(decided(verdicts)).toEqual([]);
    expect(collected.troubles.length).toBeGreaterThan(cells.length);
    for (const { cause } of collected.troubles) expect(cause).toContain('admission webhook "no" denied the request');
    expect(new Set(deleted)).toEqual(new Set([...created, ...deleted]));
  });

  test('the node goes away before a pod starts', async () => {
    const { collected, verdicts } = await run({
      nodeIsGone: true,
      onPod: ({ metadata }, tell) =>
        tell({ metadata: metadata!, spec: { containers: [], nodeName: 'n' }, status: { phase: 'Pending' } }),
    });
    expect(decided(verdicts)).toEqual([]);
    expect(collected.troubles.some(({ cause }) => cause.includes('node n is gone'))).toBe(true);
  });

  test('the user had it stopped before it began: nothing is created', async () => {
    const { collected, verdicts, created } = await run({}, AbortSignal.abort(new Error('interrupted by SIGINT')));
    expect(decided(verdicts)).toEqual([]);
    expect(collected.interrupted).toBe('interrupted by SIGINT');
    expect(created).toEqual([]);
  });

  test('the user has it stopped while its pods start', async () => {
    const stop = new AbortController();
    const { collected, verdicts, created, deleted, plan } = await run(
      { onPod: () => stop.abort(new Error('interrupted by SIGTERM')) },
      stop.signal,
    );
    expect(decided(verdicts)).toEqual([]);
    expect(collected.interrupted).toBe('interrupted by SIGTERM');
    expect(created).toHaveLength(5);
    expect(deleted).toEqual(expect.arrayContaining([plan.namespace, plan.tenants.client, plan.tenants.server]));
  });
});

test('paths that were never tried have a verdict each, by where they lead', async () => {
  const { verdicts, plan } = await run({ namespaces: 'no' });
  const identities = verdicts.map(({ check, handler, to }) => `${check} ${handler} ${to?.handler ?? ''}`);
  expect(new Set(identities).size).toBe(identities.length);
  expect(verdicts.filter(({ to }) => to)).toHaveLength(plan.roster.filter(({ path }) => path !== undefined).length);
});
