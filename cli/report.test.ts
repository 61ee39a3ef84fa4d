import { execa } from 'execa';
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { attest } from '../evidence/attest.ts';
import { keySigner } from '../evidence/signer.ts';
import { manifestDifferences, manifestFile, manifestOf } from '../evidence/manifest.ts';
import { readRun, writeRun } from '../harness/store.ts';
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

/** Seals a stored run as it is, and signs it with a key. */
const sealed = async (directory: string, key?: KeyObject) => {
  const run = readRun(directory);
  await attest(directory, run, key && keySigner(key));
  return { run: run.run.id };
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

  it('seals a sealed run anew', async () => {
    const directory = stored();
    const { run } = await sealed(directory);
    expect(await report(directory, [])).toHaveLength(2);
    const manifest = readFileSync(join(directory, manifestFile), 'utf8');
    expect(manifest).toContain('"report.html"');
    expect(manifestDifferences(manifest, manifestOf(directory, run))).toEqual([]);
    writeFileSync(join(directory, 'junit.xml'), 'another');
    await report(directory, [parseRequest('junit')]);
    expect(manifestDifferences(manifest, manifestOf(directory, run))).toEqual([]);
  });

  it('gives a run that was not sealed no seal', async () => {
    const directory = stored();
    await report(directory, []);
    expect(readdirSync(directory)).not.toContain(manifestFile);
  });

  it.each([
    [
      'a file that was changed',
      (directory: string) => writeFileSync(join(directory, 'notes'), 'b'),
      /notes was changed/,
    ],
    ['a file that was taken away', (directory: string) => rmSync(join(directory, 'notes')), /notes is missing/],
    ['a manifest that is none', (directory: string) => writeFileSync(join(directory, manifestFile), ''), /no manifest/],
  ])('does not hide %s under a new seal', async (_, change, why) => {
    const directory = stored();
    writeFileSync(join(directory, 'notes'), 'a');
    await sealed(directory);
    change(directory);
    const before = readdirSync(directory);
    await expect(report(directory, [])).rejects.toThrow(why);
    await expect(report(directory, [])).rejects.toBeInstanceOf(UsageError);
    expect(readdirSync(directory)).toEqual(before);
  });

  it('writes nothing into a signed run, and beside it what is asked for', async () => {
    const directory = stored();
    await sealed(directory, generateKeyPairSync('ed25519').privateKey);
    const before = readdirSync(directory);
    await expect(report(directory, [])).rejects.toThrow(/is signed, .* --report junit=PATH$/);
    const elsewhere = join(scratch(), 'junit.xml');
    await expect(report(directory, [parseRequest(`junit=${elsewhere}`), parseRequest('html')])).rejects.toThrow(
      UsageError,
    );
    expect(existsSync(elsewhere)).toBe(false);
    expect(await report(directory, [parseRequest(`junit=${elsewhere}`)])).toEqual([elsewhere]);
    expect(readdirSync(directory)).toEqual(before);
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
