import { expect, test } from 'vitest';
import { finishedRun, testCluster, verdictLines } from './testing/e2e.ts';

test('five runs in a row give the same verdicts', async () => {
  const cluster = await testCluster();
  using first = await finishedRun(cluster);
  for (let again = 2; again <= 5; again++) {
    using next = await finishedRun(cluster);
    expect(verdictLines(next.run.verdicts), `run ${again}`).toEqual(verdictLines(first.run.verdicts));
  }
});
