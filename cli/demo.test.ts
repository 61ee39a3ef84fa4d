import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { UsageError } from '../harness/usage.ts';
import { demo } from './demo.ts';

const up = vi.hoisted(() => vi.fn());
vi.mock('../fixtures/cluster/index.ts', () => ({ up, claims: {} }));

const flags = {
  runtimeClass: [],
  claim: new Map(),
  only: [],
  report: [],
  failOn: 'regressions',
  timeoutScale: 1,
} as const;

test('what cannot be is refused before a cluster is brought up', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'cofferdam-demo-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'file');
  writeFileSync(file, '');
  const refused = async (wrong: object) =>
    expect(demo({ ...flags, runtimeClass: [], only: [], report: [], ...wrong })).rejects.toThrow(UsageError);
  await refused({ only: ['no-such/*'] });
  await refused({ out: directory });
  await refused({ out: file });
  await refused({ baseline: directory });
  await refused({ deviations: join(directory, 'none.yaml') });
  await refused({ proof: directory });
  await refused({ signKey: join(directory, 'none.pem') });
  expect(up).not.toHaveBeenCalled();
});
