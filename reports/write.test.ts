import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { junit } from './junit.ts';
import { fakeDetails, fakeRun, fakeVerdict } from './testing.ts';
import { writeReports } from './write.ts';

it('writes every format beside run.json and reads it back', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'cofferdam-reports-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const run = fakeRun([fakeVerdict()]);
  await writeReports(directory, run, fakeDetails);
  expect(readFileSync(join(directory, 'junit.xml'), 'utf8')).toBe(junit(run, fakeDetails));
});
