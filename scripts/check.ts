/**
 * npm run check -- CHECK [--cluster NAME] [OPTION OF RUN…]: runs one check on a disposable cluster that is up, `dev` unless
 * another is named.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterError, attach, claimOptions } from '../fixtures/cluster/index.ts';
import { loadCatalogue } from '../harness/catalogue.ts';
import { buildImage } from '../harness/image/image.ts';
import { terminalProgress } from '../harness/progress.ts';

const usage = `usage: npm run check -- CHECK [--cluster NAME] [OPTION OF cofferdam run…]
It runs on the disposable cluster NAME, dev unless you say so. To get one: npm run cluster -- up --name dev`;
const progress = terminalProgress();

/** Finds a check by its id, its file or the last part of either. */
async function find(wanted: string): Promise<string[]> {
  const id = wanted.replace(/^(\.\/)?suites\//, '').replace(/\.ts$/, '');
  return [...(await loadCatalogue()).keys()].filter((known) => known === id || known.endsWith(`/${id}`));
}

/** Something that the developer has to change; shown without a stack. */
class Refusal extends Error {}

/** Takes the name of the cluster out of the options; the others are the run's. */
function clusterIn(given: readonly string[]): { name: string; options: string[] } {
  const at = given.indexOf('--cluster');
  if (at < 0) return { name: 'dev', options: [...given] };
  const name = given[at + 1];
  if (!name || name.startsWith('-')) throw new Refusal(`--cluster needs the name of a cluster\n${usage}`);
  return { name, options: given.toSpliced(at, 2) };
}

/** Sees to the cluster, and returns the arguments for `cofferdam`. */
async function prepare([wanted, ...given]: string[]): Promise<string[]> {
  if (!wanted || wanted.startsWith('-')) throw new Refusal(`name a check first\n${usage}`);
  const { name, options } = clusterIn(given);
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
