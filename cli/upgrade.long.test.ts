import { execa } from 'execa';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Comparison } from '../evidence/comparison.ts';
import { down, up, type Cluster } from '../fixtures/cluster/index.ts';
import { addOlderRuntimes, olderClaims } from '../fixtures/cluster/older.ts';
import { buildImage } from '../harness/image/image.ts';
import { terminalProgress } from '../harness/progress.ts';

// Before an upgrade: the runtimes of the node, and older versions of them, on one cluster.
const name = 'upgrade-test';
const main = join(import.meta.dirname, 'main.ts');
let cluster: Cluster;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cofferdam-upgrade-'));
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(directory, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(directory, 'pub.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  await down(name);
  const progress = terminalProgress();
  cluster = await up({ name, progress });
  await cluster.importImage((await buildImage('amd64')).file);
  await addOlderRuntimes(cluster, { progress });
});

afterAll(async () => {
  await down(name);
  rmSync(directory, { recursive: true });
});

const cofferdam = async (...args: string[]) => {
  const { exitCode, all } = await execa(process.execPath, [main, ...args], {
    cwd: directory,
    env: { KUBECONFIG: cluster.kubeconfig, NO_COLOR: '1' },
    reject: false,
    all: true,
  });
  return { exitCode, all };
};

const selection = ['namespace-escape/**', 'host-devices/**', 'runtime-attribution/**'].flatMap((glob) => [
  '--only',
  glob,
]);

/** One signed run of an old and a new runtime, side by side. */
const pair = (out: string, old: string, now: string, ...more: string[]) =>
  cofferdam(
    ...['run', '--reference', 'runc', ...olderClaims, ...selection, '--sign-key', 'key.pem', '--out', out],
    ...['--pair', '--runtime-class', `old=${old}`, '--runtime-class', `new=${now}`, ...more],
  );

const comparison = (out: string, file = 'comparison-pair.json'): Comparison =>
  JSON.parse(readFileSync(join(directory, out, file), 'utf8')) as Comparison;

const changes = ({ checks }: Comparison): string[] => [...new Set(checks.map((one) => one.change))].sort();

/** What is not as it was, with what differs, for a person to read when the test fails. */
const differing = ({ checks }: Comparison) => checks.filter((one) => one.change !== 'unchanged');

test('two versions of runc side by side: nothing is worse, and the evidence is whole and signed', async () => {
  const { exitCode, all } = await pair('runc', 'runc-old', 'runc');
  expect(all).toContain('Conformant');
  expect(exitCode).toBe(0);
  const compared = comparison('runc');
  expect([compared.before.handler, compared.after.handler]).toEqual(['runc-old', 'runc']);
  expect(compared.checks.length).toBeGreaterThan(30);
  expect(changes(compared)).not.toContain('regressed');
  expect(await cofferdam('verify', 'runc', '--key', 'pub.pem')).toMatchObject({ exitCode: 0 });
});

test('the same once more is unchanged against the first as a baseline; a deviation that nobody needs is told', async () => {
  const accepted = {
    deviations: [
      {
        check: 'host-devices/node-disk-cannot-be-opened',
        handler: 'runc-old',
        verdict: 'breached',
        reason: 'A test accepts what does not happen.',
        acceptedBy: 'the test',
        expires: '2999-12-31',
      },
    ],
  };
  writeFileSync(join(directory, 'accepted.json'), JSON.stringify(accepted));
  const options = ['--baseline', 'runc', '--fail-on', 'any', '--deviations', 'accepted.json'];
  // The pair may differ in its evidence; against the baseline nothing may. The gate is on both, so each is looked at alone.
  const { all } = await pair('again', 'runc-old', 'runc', ...options);
  expect(all).toMatch(/no longer needed|not needed/);
  expect(differing(comparison('again', 'comparison.json'))).toEqual([]);
  expect(await cofferdam('compare', 'runc', 'again', '--fail-on', 'any')).toMatchObject({ exitCode: 0 });
  expect(await cofferdam('verify', 'again', '--key', 'pub.pem')).toMatchObject({ exitCode: 0 });
});

test('two versions of gVisor side by side: nothing is worse', async () => {
  const { exitCode, all } = await pair('gvisor', 'gvisor-old', 'gvisor');
  expect(all).toContain('Conformant');
  expect(exitCode).toBe(0);
  const compared = comparison('gvisor');
  expect([compared.before.handler, compared.after.handler]).toEqual(['gvisor-old', 'runsc']);
  expect(changes(compared)).not.toContain('regressed');
  expect(await cofferdam('compare', 'gvisor', 'gvisor', '--handler', 'gvisor-old=runsc')).toMatchObject({
    exitCode: 0,
  });
});
