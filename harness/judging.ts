import { execa } from 'execa';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JudgedCheck, Run } from './evidence.ts';

const root = join(import.meta.dirname, '..');

/**
 * Judges a stored run: vitest runs `suites/conformance.test.ts`, one test a check and cell, over the evidence in
 * `directory`, and its reporter hands the verdicts back. vitest only ever sees files: no cluster hangs on its end.
 */
export async function judgeStored(directory: string, run: Run): Promise<JudgedCheck[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'cofferdam-judge-'));
  const verdictsFile = join(scratch, 'verdicts.json');
  try {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const result = await execa(
      process.execPath,
      [vitest, 'run', '--config', join(root, 'suites', 'vitest.config.ts')],
      {
        cwd: root,
        env: { COFFERDAM_RUN: directory, COFFERDAM_VERDICTS: verdictsFile, NO_COLOR: '1' },
        // A group of its own: a Ctrl-C at the terminal asks the run to end early, not to go without its verdicts.
        detached: true,
        reject: false,
        all: true,
      },
    );
    let verdicts: JudgedCheck[];
    try {
      verdicts = JSON.parse(readFileSync(verdictsFile, 'utf8')) as JudgedCheck[];
    } catch {
      throw new Error(
        `judging ${directory} gave no verdicts; vitest said:\n${result.all.split('\n').slice(-20).join('\n')}`,
      );
    }
    if (verdicts.length !== run.roster.length) {
      throw new Error(`judging ${directory} gave ${verdicts.length} verdicts, ${run.roster.length} were planned`);
    }
    return verdicts;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
