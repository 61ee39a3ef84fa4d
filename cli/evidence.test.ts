import { execa } from 'execa';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { localSigstore, tokenOf } from '../evidence/testing-sigstore.ts';
import { realRun, scratch, storeRun } from '../evidence/testing.ts';
import { writeRecord } from '../prove/record.ts';
import { fakeProof } from '../prove/testing.ts';

const main = join(import.meta.dirname, 'main.ts');

const cofferdam = async (where: string | { cwd: string; env: Record<string, string> }, ...args: string[]) => {
  const options = typeof where === 'string' ? { cwd: where } : where;
  const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], { ...options, reject: false });
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

it('verify holds a run to the proof that it has to cite', { timeout: 120_000 }, async () => {
  const { directory, keys } = await stored();
  expect(await cofferdam(keys, 'verify', directory, '--proof', keys)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('holds no prove.json') as string,
  });
  writeRecord(keys, fakeProof());
  expect(await cofferdam(keys, 'verify', directory, '--proof', keys)).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('run.json cites none') as string,
  });
});

describe('a signature by the identity of a CI', () => {
  const identity = 'https://github.com/example/shop/.github/workflows/isolation.yml@refs/heads/main';
  const issuer = 'https://token.actions.githubusercontent.com';
  const without = { ACTIONS_ID_TOKEN_REQUEST_URL: '', BUILDKITE: '', SIGSTORE_ID_TOKEN: '' };

  it('is made and verified with a sigstore of one’s own', { timeout: 120_000 }, async () => {
    const { directory, keys } = await stored();
    const sigstore = await localSigstore();
    onTestFinished(() => sigstore.close());
    const root = join(keys, 'trusted_root.json');
    writeFileSync(root, JSON.stringify(sigstore.trustedRoot));
    const env = { ...without, SIGSTORE_ID_TOKEN: tokenOf({ iss: issuer, sub: identity }) };
    const services = ['--fulcio-url', sigstore.url, '--rekor-url', sigstore.url];
    expect(await cofferdam({ cwd: keys, env }, 'attest', directory, '--keyless', ...services)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`Signed as ${identity}: `) as string,
    });
    const whose = ['--certificate-identity', identity, '--certificate-issuer', issuer, '--trusted-root', root];
    expect(await cofferdam(keys, 'verify', directory, ...whose)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`by ${identity} on`) as string,
    });
    expect(await cofferdam(keys, 'verify', directory)).toMatchObject({ exitCode: 3 });
    const other = whose.map((one) => (one === identity ? `${identity}-other` : one));
    const refused = await cofferdam(keys, 'verify', directory, ...other);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('somebody else') as string });
  });

  it.each([
    ['there is no identity', ['--keyless'], /there is none here: none of ACTIONS_ID_TOKEN_REQUEST_URL/],
    ['a key is given, too', ['--keyless', '--sign-key', 'a.key'], /two ways to sign/],
    [
      'a service is named without it',
      ['--rekor-url', 'https://log.example'],
      /--rekor-url says where to sign with --keyless/,
    ],
  ])('is refused where %s, and nothing is written', { timeout: 60_000 }, async (_, flags, why) => {
    const { directory, keys } = await stored();
    const before = readdirSync(directory);
    const refused = await cofferdam({ cwd: keys, env: without }, 'attest', directory, ...flags);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(why);
    expect(readdirSync(directory)).toEqual(before);
    // A run says so before it looks for a cluster.
    const nowhere = { ...without, KUBECONFIG: '/nowhere' };
    const run = await cofferdam({ cwd: keys, env: nowhere }, 'run', '--out', join(keys, 'out'), ...flags);
    expect(run.exitCode).toBe(2);
    expect(readdirSync(keys)).not.toContain('out');
  });

  it('is asked for whole', { timeout: 60_000 }, async () => {
    const { directory, keys, pub } = await stored();
    const half = await cofferdam(keys, 'verify', directory, '--certificate-identity', identity);
    expect(half).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('belong together') as string });
    const both = await cofferdam(keys, 'verify', directory, '--certificate-identity', identity, '--key', pub);
    expect(both).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('two kinds of signer') as string });
  });
});

it('names the defaults of every option in words', { timeout: 60_000 }, async () => {
  for (const command of ['run', 'demo', 'compare', 'report', 'prove', 'attest', 'verify']) {
    const { stdout } = await cofferdam(scratch(), command, '--help');
    expect(stdout, command).toContain('Usage: cofferdam');
    expect(stdout, command).not.toMatch(/default: [[{]/);
  }
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

  it('a format, a place, a node or a handler that there is not', { timeout: 240_000 }, async () => {
    const { directory, keys } = await stored();
    const [before, run] = [readdirSync(keys), readFileSync(join(directory, 'run.json'))];
    for (const flags of [
      ['--report', 'pdf'],
      ['--report', 'toString'],
      ['--report', 'html='],
      ['--report', 'json=comparison.json'],
      ['--report', 'html=cofferdam.pub/comparison.html'],
      ['--report', `html=${join(directory, 'run.json')}`],
      ['--node', 'a=b'],
      ['--handler', 'runsc=kata'],
      ['--fail-on', 'nothing'],
    ]) {
      expect((await cofferdam(keys, 'compare', directory, directory, ...flags, '--report', 'json')).exitCode).toBe(2);
    }
    expect(readdirSync(keys)).toEqual(before);
    expect(readFileSync(join(directory, 'run.json'))).toEqual(run);
  });

  it('a comparison that would break the seal of a run', { timeout: 60_000 }, async () => {
    const { directory } = await stored();
    expect((await cofferdam(directory, 'attest', '.')).exitCode).toBe(0);
    const before = readdirSync(directory);
    const { exitCode, stderr } = await cofferdam(directory, 'compare', '.', '.', '--report', 'html');
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('is sealed') as string });
    expect(readdirSync(directory)).toEqual(before);
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
