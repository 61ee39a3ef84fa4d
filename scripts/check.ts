/**
 * npm run check -- CHECK [OPTION OF RUN…]: runs one check on the disposable cluster `dev`, which has to be up.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterError, attach, claimOptions } from '../fixtures/cluster/index.ts';
import { loadCatalogue } from '../harness/catalogue.ts';
import { buildImage } from '../harness/image.ts';
import { terminalProgress } from '../harness/progress.ts';

const name = 'dev';
const progress = terminalProgress();

/** Finds a check by its id, its file or the last part of either. */
async function find(wanted: string): Promise<string[]> {
  const id = wanted.replace(/^(\.\/)?suites\//, '').replace(/\.ts$/, '');
  return [...(await loadCatalogue()).keys()].filter((known) => known === id || known.endsWith(`/${id}`));
}

/** Something that the developer has to change; shown without a stack. */
class Refusal extends Error {}

/** Sees to the cluster, and returns the arguments for `cofferdam`. */
async function prepare([wanted, ...options]: string[]): Promise<string[]> {
  if (!wanted) throw new Refusal('name a check: npm run check -- CHECK [OPTION OF cofferdam run…]');
  const [id, other] = await find(wanted);
  if (!id) throw new Refusal(`there is no check ${wanted}; npx cofferdam list shows all`);
  if (other) throw new Refusal(`${wanted} is more than one check: ${id}, ${other}`);
  const cluster = await attach(name);
  const step = progress.step('importing the probe image');
  // Always, because the probe may be what changed.
  await cluster.importImage((await buildImage('amd64')).file);
  step.done();
  const out = options.includes('--out') ? [] : ['--out', mkdtempSync(join(tmpdir(), 'cofferdam-check-'))];
  return [
    'run',
    '--kubeconfig',
    cluster.kubeconfig,
    '--reference',
    'runc',
    ...claimOptions,
    '--only',
    id,
    ...out,
    ...options,
  ];
}

try {
  const args = await prepare(process.argv.slice(2));
  // In this process, not in one below it: the run itself has to hear a Ctrl-C, and decides when to end.
  process.argv.splice(2, Infinity, ...args);
  await import('../cli/main.ts');
} catch (error) {
  if (!(error instanceof Refusal || error instanceof ClusterError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
