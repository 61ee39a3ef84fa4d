import { execa } from 'execa';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { givenCluster } from '../../fixtures/cluster/given.ts';
import { claimOptions } from '../../fixtures/cluster/index.ts';
import type { Cluster } from '../../fixtures/cluster/index.ts';
import { buildImage } from '../image/image.ts';
import { readRun } from '../store.ts';
import type { JudgedCheck, Run } from '../evidence.ts';

const root = join(import.meta.dirname, '..', '..');

/** A cluster with the probe's image in it. Who asks takes it down. */
export async function testCluster(): Promise<Cluster> {
  const cluster = await givenCluster();
  const image = await buildImage('amd64');
  await cluster.importImage(image.file);
  return cluster;
}

/** A started `cofferdam`, as a user starts it. */
export function cofferdam(cluster: Cluster, ...args: string[]) {
  return execa(process.execPath, [join(root, 'cli', 'main.ts'), ...args], {
    cwd: tmpdir(),
    env: { KUBECONFIG: cluster.kubeconfig, NO_COLOR: '1' },
    reject: false,
    all: true,
  });
}

/** A run that came to its end, with what it left. */
export interface Finished {
  exitCode: number | undefined;
  output: string;
  directory: string;
  run: Run;
  [Symbol.dispose](): void;
}

/** Runs `cofferdam run` into a directory of its own, and reads what it wrote. */
export async function finishedRun(cluster: Cluster, ...args: string[]): Promise<Finished> {
  const directory = mkdtempSync(join(tmpdir(), 'cofferdam-e2e-'));
  const result = await cofferdam(cluster, 'run', '--reference', 'runc', ...claimOptions, '--out', directory, ...args);
  const dispose = () => rmSync(directory, { recursive: true, force: true });
  try {
    return {
      exitCode: result.exitCode,
      output: result.all,
      directory,
      run: readRun(directory),
      [Symbol.dispose]: dispose,
    };
  } catch (error) {
    dispose();
    throw new Error(`the run wrote nothing that can be read (${(error as Error).message}); it printed:\n${result.all}`);
  }
}

/** kubectl on the node. Throws when it fails. */
export async function kubectl(cluster: Cluster, command: string, input?: string): Promise<string> {
  const result = await cluster.run(`kubectl ${command}`, input === undefined ? {} : { input });
  if (result.exitCode !== 0) throw new Error(`kubectl ${command}: ${result.stderr}`);
  return result.stdout;
}

/** The same cluster, reached by another kubeconfig. */
export function withKubeconfig(cluster: Cluster, text: string): Cluster & Disposable {
  const directory = mkdtempSync(join(tmpdir(), 'cofferdam-kubeconfig-'));
  const kubeconfig = join(directory, 'kubeconfig');
  writeFileSync(kubeconfig, text, { mode: 0o600 });
  return { ...cluster, kubeconfig, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) };
}

/**
 * The same cluster for a ServiceAccount that may do what `cofferdam rbac` lets it, and nothing else: a right that is
 * missing there shows.
 */
export async function withLeastRights(cluster: Cluster): Promise<Cluster & AsyncDisposable> {
  const rbac = await cofferdam(cluster, 'rbac');
  await kubectl(cluster, 'apply -f -', rbac.stdout);
  // For longer than any run takes; what is given without a duration ends after an hour.
  const token = (await kubectl(cluster, 'create token cofferdam --namespace default --duration 24h')).trim();
  const admin = parse(readFileSync(cluster.kubeconfig, 'utf8')) as { users: { name: string }[] };
  const users = admin.users.map(({ name }) => ({ name, user: { token } }));
  const limited = withKubeconfig(cluster, JSON.stringify({ ...admin, users }));
  return {
    ...limited,
    async [Symbol.asyncDispose]() {
      limited[Symbol.dispose]();
      await kubectl(cluster, 'delete --ignore-not-found -f -', rbac.stdout);
    },
  };
}

/** A run costs the API server little: at most ten requests for each of its pods. */
export function expectFewRequests({ run, containers }: Run): void {
  const sent = Object.values(run.requests).reduce((sum, count) => sum + count, 0);
  const pods = new Set(containers.map(({ namespace, pod }) => `${namespace}/${pod}`)).size;
  expect(sent / pods, JSON.stringify(run.requests)).toBeLessThanOrEqual(10);
}

/** `runc boot-id-is-not-the-nodes: exposed`, sorted: what two runs are compared by. */
export const verdictLines = (verdicts: readonly JudgedCheck[]): string[] =>
  verdicts.map((one) => `${one.handler}${one.to ? `→${one.to.handler}` : ''} ${one.check}: ${one.verdict}`).sort();

/** Nothing of any run is in the cluster or on its node. */
export async function leftovers(cluster: Cluster): Promise<string[]> {
  const namespaces = await kubectl(cluster, 'get ns,runtimeclass -l app.kubernetes.io/managed-by=cofferdam -o name');
  const directories = (await cluster.run('ls /var/lib/cofferdam 2>/dev/null')).stdout;
  const memory = (await cluster.run("ipcs -m | awk 'NR>3 && NF'")).stdout;
  return [...namespaces.split('\n'), ...directories.split('\n'), ...memory.split('\n')].filter(Boolean);
}
