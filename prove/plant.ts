import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nameOf, runtimeClassOf } from '../fixtures/breaches/breach.ts';
import type { Base, BrokenCluster, BrokenHandler, OldVersion, Pair } from '../fixtures/breaches/breach.ts';
import { Api } from '../fixtures/cluster/api.ts';
import { buildModule } from '../fixtures/cluster/binaries.ts';
import { addHandlers, gvisorShim, runcShim } from '../fixtures/cluster/handlers.ts';
import type { AddedHandler } from '../fixtures/cluster/handlers.ts';
import type { Cluster } from '../fixtures/cluster/index.ts';
import { putOnNode } from '../fixtures/cluster/node-files.ts';
import type { NodeFile } from '../fixtures/cluster/node-files.ts';
import { onNode } from '../fixtures/cluster/on-node.ts';
import { installPackages } from '../fixtures/cluster/packages.ts';
import { waitFor } from '../fixtures/cluster/waiting.ts';
import type { Progress } from '../harness/progress.ts';

const breaches = join(import.meta.dirname, '..', 'fixtures', 'breaches');

/** Where broken handlers are on the node. */
const directory = '/usr/local/lib/cofferdam/breaches';

/** The program that does the work of a base. */
const runtimes: Record<Base, string> = {
  runc: '/usr/sbin/runc',
  gvisor: '/usr/local/bin/runsc',
  microvm: '/usr/local/bin/microvm',
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
  const gvisor = await onNode(cluster, 'cat /etc/containerd/runsc.toml', {
    purpose: "Reading gVisor's configuration",
  });
  await putOnNode(cluster, filesOf(programs, handlers, gvisor), 'Copying the broken handlers');
  for (const { pair, means } of handlers) {
    if (means.prepare) await onNode(cluster, means.prepare, { purpose: `Preparing ${nameOf(pair)}` });
  }
  await addHandlers(cluster, handlers.map(addedHandler), options.signal);
}

/**
 * Stops the policy engine, whose rules stay as they are. For each change of a pod it goes through all of them, with 33 calls
 * of iptables and three times a pod, which takes an emulated node 0.8 s a pod. Not for where policies are tried.
 */
export async function stopPolicyEngine(cluster: Cluster): Promise<void> {
  await onNode(cluster, 'systemctl stop kube-router', { purpose: 'Stopping the policy engine, which nobody asks' });
}

/** Breaks the cluster. */
export async function plantInCluster(cluster: Cluster, means: BrokenCluster, options: PlantOptions): Promise<void> {
  const { packages = [], commands = [], objects = [], inForce } = means;
  if (packages.length > 0) await installPackages(cluster, packages, options);
  for (const command of commands) await onNode(cluster, command, { purpose: 'Breaking the cluster' });
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

function filesOf(
  programs: ReadonlyMap<string, Uint8Array>,
  handlers: readonly Handler[],
  gvisor: string,
): Map<`/${string}`, NodeFile> {
  const files = new Map<`/${string}`, NodeFile>();
  for (const [name, content] of programs) files.set(`${directory}/${name}`, { content, program: true });
  for (const { pair, means } of handlers) {
    const name = runtimeClassOf(pair);
    files.set(`${directory}/${name}`, { link: 'wrapper' });
    files.set(`${directory}/${name}.json`, { content: JSON.stringify(settingsOf(pair, means)) });
    files.set(`${directory}/${name}.toml`, { content: runscToml(name, means, gvisor) });
    const { qemuOptions, fileServer } = means;
    const QEMU = `${directory}/${name}.qemu` as const;
    const Virtiofsd = `${directory}/${name}.virtiofsd` as const;
    if (qemuOptions) files.set(QEMU, { content: qemuWith(qemuOptions), program: true });
    if (fileServer) files.set(Virtiofsd, { content: virtiofsdBy(fileServer), program: true });
    if (!changesMachine(means)) continue;
    const config = { ...(qemuOptions && { QEMU }), ...(fileServer && { Virtiofsd }) };
    files.set(machineConfig(name), { content: JSON.stringify(config) });
  }
  return files;
}

/** The configuration of a handler's own that the VM runtime is pointed to. */
const machineConfig = (name: string) => `${directory}/${name}.microvm.json` as const;

/** QEMU, which has these options besides, as the VM runtime starts it. */
const qemuWith = (options: readonly string[]): string =>
  `#!/bin/sh\nexec /usr/bin/qemu-system-x86_64 "$@" ${options.join(' ')}\n`;

/** virtiofsd, as the VM runtime starts it, by these commands. */
const virtiofsdBy = (commands: string): string => `#!/bin/sh
for word; do case $word in --shared-dir=*) shared=\${word#*=};; esac; done
${commands} /usr/libexec/virtiofsd "$@"
`;

const changesMachine = ({ qemuOptions, fileServer }: BrokenHandler): boolean =>
  qemuOptions !== undefined || fileServer !== undefined;

const programOf = (runtime: Base | OldVersion): string =>
  typeof runtime === 'object' ? `${directory}/${runtime.module}` : runtimes[runtime];

/** What `fixtures/breaches/wrapper/settings.go` reads. */
function settingsOf(pair: Pair, means: BrokenHandler): object {
  const { instead } = means;
  return {
    runtime: runtimes[means.reallyRuns ?? pair.base],
    edits: means.edits ?? [],
    ...(means.editsWhen && { editsWhen: means.editsWhen }),
    sandboxEdits: means.sandboxEdits ?? [],
    execEdits: means.execEdits ?? [],
    execLeaks: means.execLeaks ?? [],
    leaks: means.leaks ?? [],
    input: means.input,
    copies: means.copies ?? [],
    nice: means.nice,
    execNice: means.execNice,
    fixedMemory: means.fixedMemory,
    ...(changesMachine(means) && { environment: { MICROVM_CONFIG: machineConfig(runtimeClassOf(pair)) } }),
    ...(instead && { instead: { ...instead, runtime: programOf(instead.runtime) } }),
  };
}

/** The configuration of gVisor's shim (pkg/shim/v1/runsc/options.go): the node's own, whose last table is the flags. */
function runscToml(name: string, means: BrokenHandler, gvisor: string): string {
  const flags = Object.entries(means.runscFlags ?? {}).map(([flag, value]) => `  ${flag} = "${value}"`);
  return [`binary_name = "${directory}/${name}"`, gvisor.trimEnd(), ...flags, ''].join('\n');
}

/** The handler as containerd is told of it: like its base but for what is broken. */
function addedHandler({ pair, means }: Handler): AddedHandler {
  const name = runtimeClassOf(pair);
  const runs = means.reallyRuns ?? pair.base;
  return {
    name,
    like: pair.base,
    settings: { ...(pair.base === 'microvm' && { privileged_without_host_devices: true }), ...means.containerd },
    ...(runs === 'gvisor' ? gvisorShim(`${directory}/${name}.toml`) : runcShim(`${directory}/${name}`)),
  };
}
