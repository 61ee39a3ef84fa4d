import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { readRegular } from '../harness/store.ts';
import { UsageError } from '../harness/usage.ts';
import {
  bundleDigestFile,
  bundleFile,
  manifestDifferences,
  manifestFile,
  manifestOf,
  publicKeyFile,
  seal,
} from './manifest.ts';

/**
 * Writes files that may lie in the directory of a sealed run, and seals it anew when some do. Throws a UsageError, before
 * anything is written, when the directory is signed, because only the signer can sign again, and when anything else in it
 * is not as it was sealed: a new seal would hide that. A directory without a seal gets none.
 */
export async function resealing(
  directory: string,
  run: string,
  files: readonly string[],
  write: () => Promise<void>,
): Promise<void> {
  const inside = files.map((file) => relative(directory, file).split(sep)).filter(([first]) => first !== '..');
  if (inside.length === 0) return write();
  if ([bundleFile, bundleDigestFile, publicKeyFile].some((file) => existsSync(join(directory, file)))) {
    throw new UsageError(
      `${directory} is signed, and a file written into it would break the signature: say where else the reports go, as in --report junit=PATH`,
    );
  }
  const manifest = join(directory, manifestFile);
  if (!existsSync(manifest)) return write();
  const written = new Set(inside.map((path) => path.join('/')));
  const [difference] = differences(manifest, directory, run, written);
  if (difference !== undefined) {
    throw new UsageError(
      `${directory} is not as it was sealed, and sealing it anew would hide that: ${difference} (cofferdam verify tells more)`,
    );
  }
  await write();
  seal(directory, run);
}

function differences(manifest: string, directory: string, run: string, apartFrom: ReadonlySet<string>): string[] {
  try {
    return manifestDifferences(readRegular(manifest).toString('utf8'), manifestOf(directory, run), apartFrom);
  } catch (error) {
    return [(error as Error).message];
  }
}
