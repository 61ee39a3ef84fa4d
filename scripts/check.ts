/**
 * npm run check -- CHECK [OPTION OF RUN…]: runs one check on the disposable cluster `dev`, which has to be up.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx';
import { attach } from '../fixtures/cluster/index.ts';
import { loadCatalogue } from '../harness/catalogue.ts';
import { buildImage } from '../harness/image.ts';
import { terminalProgress } from '../harness/progress.ts';

const root = join(import.meta.dirname, '..');
const name = 'dev';
const progress = terminalProgress();

/** Finds a check by its id, its file or the last part of either. */
async function find(wanted: string): Promise<string[]> {
  const id = wanted.replace(/^(\.\/)?suites\//, '').replace(/\.ts$/, '');
  return [...(await loadCatalogue()).keys()].filter((known) => known === id || known.endsWith(`/${id}`));
}

async function main([wanted, ...options]: string[]): Promise<number> {
  if (!wanted)
    return complain('name a check: npm run check -- CHECK [OPTION OF cofferdam run…]; cofferdam list shows all');
  const [id, other] = await find(wanted);
  if (!id) return complain(`there is no check ${wanted}; cofferdam list shows all`);
  if (other) return complain(`${wanted} is more than one check: ${id}, ${other}`);

  let cluster: Awaited<ReturnType<typeof attach>>;
  try {
    cluster = await attach(name);
  } catch (error) {
    return complain(`${(error as Error).message}\nNext: npm run cluster -- up ${name}`);
  }
  const step = progress.step('importing the probe image');
  // The probe may be what changed.
  await cluster.importImage((await buildImage('amd64')).file);
  step.done();
  const out = options.includes('--out') ? [] : ['--out', mkdtempSync(join(tmpdir(), 'cofferdam-check-'))];
  const args = ['run', '--kubeconfig', cluster.kubeconfig, '--reference', 'runc', '--only', id, ...out, ...options];
  const { exitCode } = await $({
    stdio: 'inherit',
    nothrow: true,
  })`${process.execPath} ${join(root, 'cli', 'main.ts')} ${args}`;
  return exitCode ?? 3;
}

function complain(message: string): number {
  console.error(message);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
