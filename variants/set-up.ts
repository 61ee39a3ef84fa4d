import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildModule } from '../fixtures/cluster/binaries.ts';
import { addHandlers } from '../fixtures/cluster/handlers.ts';
import type { Cluster } from '../fixtures/cluster/index.ts';
import { putOnNode } from '../fixtures/cluster/node-files.ts';
import type { NodeFile } from '../fixtures/cluster/node-files.ts';
import { onNode } from '../fixtures/cluster/on-node.ts';
import { installPackages } from '../fixtures/cluster/packages.ts';
import type { BuiltProgram, Variant } from '../fixtures/variants/variant.ts';
import type { Progress } from '../harness/progress.ts';

const modules = join(import.meta.dirname, '..', 'fixtures', 'variants', 'modules');

export interface SetUpOptions {
  progress: Progress;
  signal: AbortSignal;
}

/** Makes a restored cluster what some variants say. Throws with what could not be done. */
export async function setUp(cluster: Cluster, variants: readonly Variant[], options: SetUpOptions): Promise<void> {
  const changes = variants.flatMap((variant) => variant.changes ?? []);
  const packages = [...new Set(changes.flatMap((one) => one.packages ?? []))];
  if (packages.length > 0) await installPackages(cluster, packages, { ...options, node: variants[0]?.node });
  const files = new Map<`/${string}`, NodeFile>();
  for (const program of changes.flatMap((one) => one.programs ?? []))
    files.set(program.path, { content: await built(program, options), program: true });
  for (const [path, content] of changes.flatMap((one) => Object.entries(one.files ?? {})))
    files.set(path as `/${string}`, { content });
  if (files.size > 0) await putOnNode(cluster, files, 'Copying files to the node');
  for (const command of changes.flatMap((one) => one.commands ?? []))
    await onNode(cluster, command, { purpose: 'Changing the node' });
  const handlers = changes.flatMap((one) => Object.entries(one.handlers ?? {}));
  if (handlers.length > 0)
    await addHandlers(
      cluster,
      handlers.map(([name, { isolationClass: _, ...handler }]) => ({ name, ...handler })),
      options.signal,
    );
}

/** The versions that a variant names, as the node tells them. */
export async function versionsOn(cluster: Cluster, { versions = {} }: Variant): Promise<Record<string, string>> {
  const told = Object.entries(versions).map(async ([name, command]): Promise<[string, string]> => {
    const printed = await onNode(cluster, command, { purpose: `Asking the node for its ${name}` });
    return [name, printed.split('\n')[0] ?? ''];
  });
  return Object.fromEntries(await Promise.all(told));
}

async function built({ module, program, tags }: BuiltProgram, options: SetUpOptions): Promise<Uint8Array> {
  const directory = join(modules, module);
  const wanted = { name: module, directory, programs: { [module]: program }, usesC: true, tags } as const;
  return readFile(join((await buildModule(wanted, options)).directory, module));
}
