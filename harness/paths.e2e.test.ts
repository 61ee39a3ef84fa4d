import { beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from './catalogue.ts';
import { evaluate } from './judge/evaluate.ts';
import { expectFewRequests, finishedRun, leftovers, testCluster, withLeastRights } from './testing/e2e.ts';
import type { Finished } from './testing/e2e.ts';
import type { Cluster } from '../fixtures/cluster/index.ts';

let cluster: Cluster;
let finished: Finished;

beforeAll(async () => {
  cluster = await testCluster();
  return () => cluster.down();
});
beforeAll(async () => {
  // Policies take rights that no other run needs.
  await using limited = await withLeastRights(cluster);
  // Attribution looks at the tenants, too, beside pods that come after them.
  finished = await finishedRun(
    limited,
    '--only',
    'tenant-network/{tcp,udp,default}-*',
    '--only',
    'runtime-attribution/*',
  );
  return () => {
    finished[Symbol.dispose]();
  };
});

describe('the paths between tenants, under a policy engine that works', () => {
  test('are all decided, and all held', () => {
    const others = finished.run.verdicts.filter((one) => one.verdict !== 'held');
    // No runtime but gVisor reads the annotation that is tried.
    const annotations = 'runtime-attribution/annotations-do-not-loosen-the-sandbox';
    expect(
      others
        .filter(({ check, verdict }) => check !== annotations || verdict !== 'not-applicable')
        .map((one) => one.reason),
    ).toEqual([]);
    expect(others.map(({ handler }) => handler).sort()).toEqual(['microvm', 'runc']);
    expect(finished.exitCode, finished.output).toBe(0);
  });
  test('lead from every handler to every other', () => {
    const paths = new Set(finished.run.verdicts.flatMap((one) => (one.to ? [`${one.handler} ${one.to.handler}`] : [])));
    const handlers = ['microvm', 'runc', 'runsc'];
    expect([...paths].sort()).toEqual(handlers.flatMap((from) => handlers.map((to) => `${from} ${to}`)));
  });
  test('are not decided once the phases are taken out', async () => {
    const checks = await loadCatalogue();
    const without = { ...finished.run, network: { ...finished.run.network, marks: {} } };
    const ofPaths = without.roster.filter(({ path }) => path !== undefined);
    expect(ofPaths).not.toEqual([]);
    const decided = ofPaths.filter((planned) => {
      const check = checks.get(planned.check);
      return !check || evaluate(check, planned, without, checks).verdict !== 'inconclusive';
    });
    expect(decided).toEqual([]);
  });
  test('have tenants that tell which kernel runs them', () => {
    const tenants = finished.run.containers.filter(({ role }) => role === 'client' || role === 'server');
    expect(tenants).toHaveLength(9);
    for (const { pod, observations } of tenants)
      expect(
        observations.map(({ kind }) => kind),
        pod,
      ).toContain('identity');
  });
  test('cost at most ten requests a pod', () => expectFewRequests(finished.run));
  test('leave nothing', async () => {
    expect(await leftovers(cluster)).toEqual([]);
  });
});
