import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { writeFileWhole } from '../harness/store.ts';

/** The list of everything that a run left, with digests. */
export const manifestFile = 'manifest.json';
/** The signature over the manifest. It cannot be in the manifest, and the manifest cannot be in itself. */
export const bundleFile = 'attestation.sigstore.json';
/**
 * A digest of a signature by certificate, as sha256sum has it: parts of a timestamp and of a log's proof are signed by
 * nobody.
 */
export const bundleDigestFile = 'attestation.sha256';
/** The signer's public key, for tools. Whoever can write the directory can put another one there. */
export const publicKeyFile = 'attestation.pub';

/** What comes after the manifest, and the manifest. */
const unlisted = new Set([manifestFile, bundleFile, bundleDigestFile]);

const manifestSchema = z.strictObject({
  schema: z.literal(1),
  run: z.string(),
  /** In the order of their paths, which are relative to the directory and divided by `/`. */
  files: z.array(z.strictObject({ path: z.string(), bytes: z.number(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** SHA-256 in hexadecimal digits. */
export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** The manifest of what is in a directory now. Throws on what is neither file nor directory: a link can be turned later. */
export function manifestOf(directory: string, run: string): Manifest {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const path = relative(directory, file).split(sep).join('/');
      if (!entry.isFile()) throw new Error(`${file} is not a regular file, so it cannot be sealed`);
      return { path, file };
    })
    .filter(({ path }) => !unlisted.has(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, file }) => {
      const content = readFileSync(file);
      return { path, bytes: content.length, sha256: sha256(content) };
    });
  return { schema: 1, run, files };
}

/** What the digest file of a signature says. */
export const bundleDigest = (bundle: string | Uint8Array): string => `${sha256(bundle)}  ${bundleFile}\n`;

/** The one way in which a manifest is written: another byte anywhere in the file is a change. */
export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, undefined, 1)}\n`;

/** Writes the manifest of a directory, and returns its text. Everything else has to be there already. */
export function seal(directory: string, run: string): string {
  const text = manifestText(manifestOf(directory, run));
  writeFileWhole(join(directory, manifestFile), text);
  return text;
}

/**
 * How a directory differs from what was sealed, a phrase for each file; empty when it does not. `apartFrom` are not looked
 * at.
 */
export function manifestDifferences(
  stored: string,
  actual: Manifest,
  apartFrom: ReadonlySet<string> = new Set(),
): string[] {
  let manifest: Manifest;
  try {
    manifest = manifestSchema.parse(JSON.parse(stored));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error).split('\n')[0] : (error as Error).message;
    return [`${manifestFile} is no manifest: ${why ?? 'it cannot be read'}`];
  }
  const sealed = new Map(manifest.files.map((one) => [one.path, one]));
  const found = new Map(actual.files.map((one) => [one.path, one]));
  const compared = ({ path }: { path: string }) => !apartFrom.has(path);
  const differences = [
    ...actual.files.filter(compared).flatMap(({ path, bytes, sha256 }) => {
      const before = sealed.get(path);
      if (!before) return [`${path} was added: ${manifestFile} does not list it`];
      if (before.sha256 === sha256 && before.bytes === bytes) return [];
      return [
        `${path} was changed: SHA-256 ${sha256}, ${bytes} bytes; sealed as ${before.sha256}, ${before.bytes} bytes`,
      ];
    }),
    ...manifest.files.filter(compared).flatMap(({ path }) => (found.has(path) ? [] : [`${path} is missing`])),
  ];
  if (manifest.run !== actual.run) {
    differences.push(`${manifestFile} is of run ${manifest.run}, run.json of run ${actual.run}`);
  }
  const written = manifestText(apartFrom.size > 0 ? manifest : actual);
  if (differences.length === 0 && stored !== written) {
    differences.push(
      `${manifestFile} was changed: it lists the files as they are, but is not written as cofferdam writes it`,
    );
  }
  return differences;
}
