import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { nameOf, runtimeClassOf } from '../fixtures/breaches/breach.ts';
import type { Base, BrokenCluster, BrokenHandler, OldVersion, Pair } from '../fixtures/breaches/breach.ts';
import { Api } from '../fixtures/cluster/api.ts';
import { buildModule } from '../fixtures/cluster/binaries.ts';
import { addHandlers, onNode, runtimeTable } from '../fixtures/cluster/handlers.ts';
import type { Cluster } from '../fixtures/cluster/index.ts';
import { waitFor } from '../fixtures/cluster/waiting.ts';
import type { Progress } from '../harness/progress.ts';

const breaches = join(import.meta.dirname, '..', 'fixtures', 'breaches');

/** Where broken handlers are on the node. */
const directory = 'usr/local/lib/cofferdam/breaches';

/** The program that does the work of a base, and the containerd shim that calls it. */
const runtimes: Record<Base, { program: string; shim: string }> = {
  runc: { program: '/usr/sbin/runc', shim: 'io.containerd.runc.v2' },
  gvisor: { program: '/usr/local/bin/runsc', shim: 'io.containerd.runsc.v1' },
  microvm: { program: '/usr/local/bin/microvm', shim: 'io.containerd.runc.v2' },
};

export interface PlantOptions {
  progress: Progress;
  signal: AbortSignal;
}

/** A pair, and what is wrong with its handler. */
interface Handler {
  pair: Pair;
  means: BrokenHandler;
}

/** Makes every pair a handler of the cluster's node with a RuntimeClass of its own, beside those that are there. */
export async function plantHandlers(cluster: Cluster, pairs: readonly Pair[], options: PlantOptions): Promise<void> {
  const handlers = pairs.flatMap((pair): Handler[] => {
    const { means } = pair.breach;
    return means.on === 'handler' ? [{ pair, means }] : [];
  });
  const wrapper = await buildModule(
    {
      name: 'breach-wrapper',
      directory: join(breaches, 'wrapper'),
      programs: { wrapper: '.' },
    },
    options,
  );
  const programs = new Map([['wrapper', await readFile(join(wrapper.directory, 'wrapper'))]]);
  for (const { means } of handlers) {
    const other = means.instead?.runtime;
    if (typeof other !== 'object') continue;
    const directory = join(breaches, 'history', other.module);
    const wanted = { name: other.module, directory, programs: { [other.module]: other.program }, usesC: true } as const;
    const built = await buildModule(wanted, options);
    programs.set(other.module, await readFile(join(built.directory, other.module)));
  }
  const gvisor = await onNode(cluster, 'cat /etc/containerd/runsc.toml', "Reading gVisor's configuration");
  await onNode(cluster, 'tar -x -C /', 'Copying the broken handlers', await archive(programs, handlers, gvisor));
  for (const { pair, means } of handlers) {
    if (means.prepare) await onNode(cluster, means.prepare, `Preparing ${nameOf(pair)}`);
  }
  const tables = handlers.map(({ pair, means }) => containerdTable(pair, means)).join('\n');
  const names = handlers.map(({ pair }) => runtimeClassOf(pair));
  await addHandlers(cluster, names, tables, options.signal);
  using api = new Api(await readFile(cluster.kubeconfig, 'utf8'));
  await createRuntimeClasses(
    api,
    handlers.map(({ pair }) => pair),
  );
}

/** Breaks the cluster. */
export async function plantInCluster(cluster: Cluster, means: BrokenCluster): Promise<void> {
  const { commands = [], objects = [], inForce } = means;
  for (const command of commands) await onNode(cluster, command, 'Breaking the cluster');
  using api = new Api(await readFile(cluster.kubeconfig, 'utf8'));
  for (const { path, object } of objects) await api.create(path, object);
  if (!inForce) return;
  const { path, object, answer } = inForce;
  await waitFor(
    { what: `the API server to answer ${answer} at ${path}`, timeoutMs: patience, everyMs: 500 },
    async () => {
      const { status, text } = await api.call('POST', `${path}?dryRun=All`, object);
      return (status === 201 && new RegExp(answer).test(text)) || undefined;
    },
  );
}

/** A command may wait for a service under emulation. */
const patience = 300_000;

async function archive(
  programs: ReadonlyMap<string, Uint8Array>,
  handlers: readonly Handler[],
  gvisor: string,
): Promise<Buffer> {
  const files = pack();
  const put = (name: string, content: string | Uint8Array, mode = 0o644) =>
    files.entry({ name: `${directory}/${name}`, mode }, Buffer.from(content));
  for (const [name, program] of programs) put(name, program, 0o755);
  for (const { pair, means } of handlers) {
    const name = runtimeClassOf(pair);
    files.entry({ name: `${directory}/${name}`, type: 'symlink', linkname: 'wrapper' });
    put(`${name}.json`, JSON.stringify(settingsOf(pair, means)));
    put(`${name}.toml`, runscToml(name, means, gvisor));
  }
  files.finalize();
  return buffer(files);
}

const programOf = (runtime: Base | OldVersion): string =>
  typeof runtime === 'object' ? `/${directory}/${runtime.module}` : runtimes[runtime].program;

/** What `fixtures/breaches/wrapper/settings.go` reads. */
function settingsOf({ base }: Pair, means: BrokenHandler): object {
  const { instead } = means;
  return {
    runtime: runtimes[means.reallyRuns ?? base].program,
    edits: means.edits ?? [],
    leaks: means.leaks ?? [],
    ...(instead && { instead: { when: instead.when, runtime: programOf(instead.runtime) } }),
  };
}

/** The configuration of gVisor's shim (pkg/shim/v1/runsc/options.go): the node's own, whose last table is the flags. */
function runscToml(name: string, means: BrokenHandler, gvisor: string): string {
  const flags = Object.entries(means.runscFlags ?? {}).map(([flag, value]) => `  ${flag} = "${value}"`);
  return [`binary_name = "/${directory}/${name}"`, gvisor.trimEnd(), ...flags, ''].join('\n');
}

/** A handler in containerd's configuration, like its base's but for what is broken. */
function containerdTable(pair: Pair, means: BrokenHandler): string {
  const name = runtimeClassOf(pair);
  const runs = means.reallyRuns ?? pair.base;
  const table = runtimeTable(name);
  const settings = { ...(pair.base === 'microvm' && { privileged_without_host_devices: true }), ...means.containerd };
  const options =
    runs === 'gvisor'
      ? { TypeUrl: 'io.containerd.runsc.v1.options', ConfigPath: `/${directory}/${name}.toml` }
      : { BinaryName: `/${directory}/${name}`, SystemdCgroup: false };
  const lines = (values: object) => Object.entries(values).map(([key, value]) => `  ${key} = ${JSON.stringify(value)}`);
  return [
    `[${table}]`,
    `  runtime_type = "${runtimes[runs].shim}"`,
    ...lines(settings),
    `[${table}.options]`,
    ...lines(options),
    '',
  ].join('\n');
}

const runtimeClassPath = '/apis/node.k8s.io/v1/runtimeclasses';

/** Copies the base's RuntimeClass, whose overhead a virtual machine needs, under the broken handler's name. */
async function createRuntimeClasses(api: Api, pairs: readonly Pair[]): Promise<void> {
  const originals = new Map<Base, object>();
  for (const pair of pairs) {
    const { base } = pair;
    const original = originals.get(base) ?? (await api.call('GET', `${runtimeClassPath}/${base}`)).object;
    originals.set(base, original);
    const name = runtimeClassOf(pair);
    await api.create(runtimeClassPath, { ...original, metadata: { name }, handler: name });
  }
}
