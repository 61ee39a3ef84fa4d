import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fakeCited, fakeRun, fakeVerdict } from '../reports/testing.ts';
import type { CitedProof } from './evidence.ts';
import { runConformance } from './run.ts';
import { readRun } from './store.ts';
import type { KubernetesTarget } from './targets/kubernetes.ts';

vi.mock('./discover/discover.ts', () => {
  const { cluster, nodes } = fakeRun([fakeVerdict()]);
  return {
    discover: () =>
      Promise.resolve({ cluster, nodes, cells: [], addresses: new Map(), images: new Map(), processors: 1, notes: [] }),
  };
});
vi.mock('./image/image.ts', () => ({ imageDigests: () => Promise.resolve(['sha256:aa']) }));
vi.mock('./collect/collect.ts', () => {
  const { containers, canaries, network, missingHandler, troubles } = fakeRun([]);
  return {
    collect: () => Promise.resolve({ containers, canaries, network, missingHandler, troubles, slowness: 1 }),
  };
});
vi.mock('./judging.ts', () => ({ judgeStored: () => Promise.resolve([]) }));

const target = { server: 'https://cluster.example', requests: {} } as KubernetesTarget;
const progress = { step: () => ({ update() {}, done() {}, fail() {} }), note() {} };

async function recorded(proof?: CitedProof) {
  const out = mkdtempSync(join(tmpdir(), 'cofferdam-run-'));
  onTestFinished(() => rmSync(out, { recursive: true }));
  const signal = new AbortController().signal;
  const asked = {
    runtimeClasses: [],
    claims: new Map(),
    reference: undefined,
    nodes: undefined,
    checks: [],
    image: 'probe',
    out,
    proof,
  };
  await runConformance(target, { ...asked, progress, signal, onPlan() {} });
  return readRun(out);
}

test('a run records the proof that it is given to cite, and nothing without one', async () => {
  expect((await recorded(fakeCited())).proof).toEqual(fakeCited());
  expect(await recorded()).not.toHaveProperty('proof');
});
