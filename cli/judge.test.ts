import { Command } from 'commander';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { meaningVersion } from '../harness/evidence.ts';
import { writeRun } from '../harness/store.ts';
import { fakeCited, fakeRun, fakeVerdict } from '../reports/testing.ts';
import { addJudge } from './judge.ts';

vi.mock('../harness/judging.ts', () => ({ judgeStored: () => Promise.resolve([fakeVerdict()]) }));
const print = vi.hoisted(() => vi.fn());
vi.mock('./output.ts', async (original) => ({ ...(await original<object>()), print }));
afterEach(() => {
  process.exitCode = undefined;
});

async function judged(meaning: number): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'cofferdam-judge-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeRun(directory, fakeRun([fakeVerdict()], { meaning, proof: fakeCited() }));
  const program = new Command();
  addJudge(program);
  print.mockClear();
  await program.parseAsync(['judge', directory], { from: 'user' });
  return String(print.mock.lastCall?.[0]);
}

test('what was seen of other rules is not said of those that a run is judged by again', async () => {
  expect(await judged(meaningVersion)).toContain('planted breaches');
  expect(await judged(meaningVersion - 1)).not.toContain('planted breaches');
});
