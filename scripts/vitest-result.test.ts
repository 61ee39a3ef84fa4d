import { execa } from 'execa';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { countVitest } from './vitest-result.ts';

test('counts what vitest reports, and a file that cannot be loaded as failed', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'cofferdam-count-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text);
  // Without an import, because `vitest` cannot be resolved from there.
  write('vitest.config.js', 'export default { test: { globals: true } };');
  write(
    'a.test.js',
    `test('a', () => {}); test('b', () => { throw new Error('no'); }); test.skip('c', () => {}); test.todo('d');`,
  );
  write('b.test.js', `throw new Error('cannot be loaded');`);
  const vitest = join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs');
  const report = join(directory, 'report.json');
  const args = ['run', '--root', directory, '--reporter=json', `--outputFile.json=${report}`];
  const { exitCode } = await execa(process.execPath, [vitest, ...args], { cwd: directory, reject: false });
  expect(exitCode).toBe(1);
  const json = readFileSync(report, 'utf8');
  expect(countVitest(json)).toEqual({ passed: 1, failed: 2, skipped: 2 });
  expect(countVitest(json, true)).toEqual({ passed: 1, failed: 1, skipped: 2 });
});
