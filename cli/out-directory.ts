import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDirectory } from '../harness/store.ts';
import { UsageError } from '../harness/usage.ts';

/**
 * Where a command writes: the directory that `--out` names, which need not be there yet, else a new one here, named after
 * the command.
 */
export function outDirectory(command: 'run' | 'prove' | 'variants', given: string | undefined): string {
  const day = new Date().toISOString().slice(0, 10);
  const out = resolve(given ?? `cofferdam-${command}-${day}-${randomBytes(2).toString('hex')}`);
  if (existsSync(out) && !isDirectory(out)) throw new UsageError(`--out ${out} is no directory`);
  return out;
}
