import { execa } from 'execa';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeRun } from '../harness/store.ts';
import { UsageError } from '../harness/usage.ts';
import { parseRequest } from '../reports/index.ts';
import { fakeRun, fakeVerdict } from '../reports/testing.ts';
import { report } from './report.ts';

const main = join(import.meta.dirname, 'main.ts');
const cofferdam = (...args: string[]) => execa(process.execPath, [main, ...args], { reject: false });

const scratch = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'cofferdam-report-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
};

/** A breached run: making its reports is no judgement, so the exit code is not 1. */
const stored = (): string => {
  const directory = scratch();
  writeRun(directory, fakeRun([fakeVerdict({ verdict: 'breached' })]));
  return directory;
};

describe('cofferdam report', () => {
  it('makes the standard reports of a stored run', async () => {
    const directory = stored();
    const { exitCode, stdout } = await cofferdam('report', directory);
    expect(stdout).toMatch(/junit\.xml/);
    expect(exitCode).toBe(0);
    expect(readdirSync(directory)).toContain('junit.xml');
  });

  it('makes what is asked for, where it is asked for', async () => {
    const directory = stored();
    const file = join(directory, 'ci', 'a.xml');
    expect(await report(directory, [parseRequest(`junit=${file}`)])).toEqual([file]);
    expect(readdirSync(directory).sort()).toEqual(['ci', 'run.json']);
  });

  it('says in one sentence what it cannot read, with exit code 2', async () => {
    const { exitCode, stdout, stderr } = await cofferdam('report', '/nonexistent');
    expect(stderr).toMatch(/^cofferdam: \/nonexistent holds no run: .*\n?$/);
    expect([exitCode, stdout]).toEqual([2, '']);
  });

  it('says which reports there are, with exit code 2', async () => {
    const { exitCode, stderr } = await cofferdam('report', '.', '--report', 'pdf');
    expect(stderr).toMatch(/there is no report pdf; there are junit/);
    expect(exitCode).toBe(2);
  });

  const text = JSON.stringify(fakeRun([fakeVerdict()]));
  it.each([
    ['half a file', text.slice(0, text.length / 2), /run\.json is not JSON: /],
    ["something else's file", '{"name":"left-pad","version":"1.3.0"}', /run\.json has schema undefined, /],
    ['a list', '[]', /run\.json has schema undefined, /],
    ['nothing', 'null', /run\.json has schema undefined, /],
    ['a newer schema', text.replace('"schema":1', '"schema":2'), /run\.json has schema 2, this version of .* reads 1/],
    ['an unknown field', text.replace('"schema":1', '"schema":1,"extra":1'), /run\.json is damaged: .*extra/],
    [
      'two verdicts of one check',
      JSON.stringify(fakeRun([fakeVerdict({ verdict: 'breached' }), fakeVerdict()])),
      /run\.json is damaged: it has two verdicts of /,
    ],
  ])('refuses %s in a sentence, and writes nothing', async (_, content, why) => {
    const directory = scratch();
    writeFileSync(join(directory, 'run.json'), content);
    const refusal = await report(directory, []).catch((error: unknown) => error as Error);
    expect(refusal).toBeInstanceOf(UsageError);
    expect((refusal as Error).message).toMatch(why);
    expect((refusal as Error).message).not.toContain('\n');
    expect(readdirSync(directory)).toEqual(['run.json']);
  });
});
