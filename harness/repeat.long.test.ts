import { beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../fixtures/cluster/index.ts';
import { finishedRun, testCluster, verdictLines } from './testing/e2e.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await testCluster();
  return () => cluster.down();
});

// A run takes up to a quarter of an hour on an emulated node.
test('five runs in a row give the same verdicts', { timeout: 120 * 60_000 }, async () => {
  using first = await finishedRun(cluster);
  for (let again = 2; again <= 5; again++) {
    using next = await finishedRun(cluster);
    expect(verdictLines(next.run.verdicts), `run ${again}`).toEqual(verdictLines(first.run.verdicts));
  }
});
