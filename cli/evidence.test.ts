import { execa } from 'execa';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realRun, scratch, storeRun } from '../evidence/testing.ts';

const main = join(import.meta.dirname, 'main.ts');

const cofferdam = async (cwd: string, ...args: string[]) => {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], { cwd, reject: false });
  return { exitCode, stdout, stderr };
};

/** A stored run, not sealed, and a pair of keys outside it. */
async function stored() {
  const [directory, keys] = [scratch(), scratch()];
  await storeRun(directory, { ...realRun(1), roster: realRun(1).roster.slice(0, 6) });
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [key, pub] = [join(keys, 'cofferdam.key'), join(keys, 'cofferdam.pub')];
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(pub, publicKey.export({ type: 'spki', format: 'pem' }));
  return { directory, keys, key, pub };
}

describe('attest and verify', () => {
  it('sign a run, verify it, and refuse to sign it twice', { timeout: 120_000 }, async () => {
    const { directory, keys, key, pub } = await stored();
    expect(await cofferdam(keys, 'attest', directory, '--sign-key', key)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Signed with key SHA256:') as string,
    });
    expect(await cofferdam(keys, 'verify', directory, '--key', pub)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('judged again') as string,
    });
    const again = await cofferdam(keys, 'attest', directory, '--sign-key', key);
    expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is signed already') as string });
    writeFileSync(join(directory, 'raw', 'witness-0.witness.log'), '');
    expect((await cofferdam(keys, 'verify', directory, '--key', pub)).exitCode).toBe(1);
  });

  it('sign nothing that does not agree with itself', { timeout: 60_000 }, async () => {
    const { directory, keys, key } = await stored();
    const file = join(directory, 'raw', 'witness-0.witness.log');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"undone":true', '"undone":null'));
    const before = readdirSync(directory);
    const refused = await cofferdam(keys, 'attest', directory, '--sign-key', key);
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('raw/witness-0.witness.log is not what journal.ndjson recorded') as string,
    });
    expect(readdirSync(directory)).toEqual(before);
  });
});

describe('bad input gets one sentence with what and where, exit code 2, and nothing is written', () => {
  it.each([
    ['a truncated run.json', (text: string) => text.slice(0, 2000), /run\.json is not JSON: /],
    [
      'a run of a newer schema',
      (text: string) => text.replace('"schema": 1', '"schema": 2'),
      /has schema 2, this version of cofferdam reads 1/,
    ],
    [
      'a run with a field nobody knows',
      (text: string) => text.replace('"meaning"', '"sense": 1, "meaning"'),
      /run\.json is damaged: .*sense/,
    ],
    [
      'a run that was never judged',
      (text: string) => JSON.stringify({ ...(JSON.parse(text) as object), verdicts: [] }),
      /0 of 6 planned verdicts/,
    ],
  ])('%s', { timeout: 60_000 }, async (_, damage, why) => {
    const [{ directory: old }, { directory: now }] = [await stored(), await stored()];
    const file = join(now, 'run.json');
    writeFileSync(file, damage(readFileSync(file, 'utf8')));
    const elsewhere = scratch();
    const { exitCode, stdout, stderr } = await cofferdam(
      elsewhere,
      'compare',
      old,
      now,
      '--report',
      'html',
      '--report',
      'junit',
      '--json',
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(why);
    expect(stderr).toContain(now);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('a format, a node or a handler that there is not', { timeout: 60_000 }, async () => {
    const { directory, keys } = await stored();
    const before = readdirSync(keys);
    for (const flags of [
      ['--report', 'pdf'],
      ['--node', 'a=b'],
      ['--handler', 'runsc=kata'],
      ['--fail-on', 'nothing'],
    ]) {
      expect((await cofferdam(keys, 'compare', directory, directory, ...flags, '--report', 'json')).exitCode).toBe(2);
    }
    expect(readdirSync(keys)).toEqual(before);
  });
});

it('writes the reports of a comparison where it is told', { timeout: 60_000 }, async () => {
  const { directory } = await stored();
  const elsewhere = scratch();
  const { exitCode, stdout } = await cofferdam(
    elsewhere,
    'compare',
    directory,
    directory,
    '--fail-on',
    'any',
    '--report',
    'html',
    '--report',
    'junit=other.xml',
    '--json',
  );
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ schema: 1 });
  expect(readdirSync(elsewhere).sort()).toEqual(['comparison.html', 'other.xml']);
});
