import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ociImage } from './oci.ts';
import { probeProgram } from './program.ts';
import type { OciImage } from './oci.ts';
import { writeFileWhole } from '../store.ts';
import { UsageError } from '../usage.ts';
import { version } from '../version.ts';

const probes = join(import.meta.dirname, '..', '..', 'probes');
/** Node's names of architectures, and Go's. */
const architectures: Readonly<Record<string, Architecture>> = { x64: 'amd64', arm64: 'arm64' };
const imageArchitectures = ['amd64', 'arm64'] as const;
export type Architecture = (typeof imageArchitectures)[number];

/** The name under which the probe's image is looked for, unless `--image` names another. No registry has it. */
export const imageName = `localhost/cofferdam/probe:v${version}`;

/** The architecture of this machine, as container images name it. */
export const ownArchitecture = (): Architecture => architectures[process.arch] ?? 'amd64';

/**
 * The digests by which a kubelet may name the probe's image, on nodes of these architectures as Kubernetes names them. One
 * that the probe is not built for has none: nothing that runs there is believed.
 */
export async function imageDigests(nodeArchitectures: Iterable<string>): Promise<string[]> {
  const wanted = new Set(nodeArchitectures);
  const built = imageArchitectures.filter((one) => wanted.has(one)).map((one) => buildImage(one));
  return (await Promise.all(built)).flatMap((image) => [image.manifestDigest, image.configDigest]);
}

/** The probe's image, with what it is made of. */
export interface ProbeImage extends OciImage {
  /** Where it is, as a tar. */
  file: string;
  binary: Buffer;
}

/**
 * Builds the probe's image, the same to the byte every time, and keeps it in the user's cache by the digest of its
 * sources. Throws when Go is missing or the build fails, with Go's own words.
 */
export async function buildImage(architecture: Architecture = ownArchitecture()): Promise<ProbeImage> {
  const key = `${await sourceDigest()}-${architecture}-${await goVersion()}`;
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'cofferdam', 'probe');
  const file = join(cache, `${createHash('sha256').update(key).digest('hex').slice(0, 24)}.binary`);
  let binary = await readFile(file).catch(() => undefined);
  if (!binary) {
    await mkdir(cache, { recursive: true });
    // In a directory of its own and renamed when whole: two runs may build at once.
    const scratch = await mkdtemp(join(cache, 'build-'));
    try {
      const output = join(scratch, 'probe');
      await compile(output, architecture);
      await rename(output, file);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
    binary = await readFile(file);
  }
  const image = await ociImage({ name: imageName, architecture, binary, entrypoint: probeProgram });
  const tar = file.replace(/\.binary$/, '.tar');
  // Without a pause: one process may ask for it several times at once, as a proof does for each of its clusters.
  writeFileWhole(tar, image.tar);
  return { ...image, file: tar, binary };
}

async function compile(output: string, architecture: Architecture): Promise<void> {
  // -trimpath, no VCS stamp and no build id: nothing of the machine goes into the binary.
  const args = ['build', '-trimpath', '-buildvcs=false', '-ldflags', '-s -w -buildid=', '-o', output, '.'];
  const env = { CGO_ENABLED: '0', GOOS: 'linux', GOARCH: architecture, GOFLAGS: '' };
  const result = await execa('go', args, { cwd: probes, env, reject: false, all: true });
  if (result.failed) {
    const said = [result.all, result.shortMessage].map((text) => text?.trim()).find(Boolean);
    throw new UsageError(`building the probe for ${architecture} failed: ${said ?? 'unknown'}`);
  }
}

async function goVersion(): Promise<string> {
  const result = await execa('go', ['env', 'GOVERSION'], { cwd: probes, reject: false });
  if (result.code === 'ENOENT')
    throw new UsageError('building the probe needs Go 1.26 or newer, and there is no go on the PATH');
  if (result.failed)
    throw new UsageError(
      `building the probe needs Go, and it does not answer: ${result.shortMessage ?? 'without a word'}`,
    );
  return result.stdout.trim();
}

async function sourceDigest(): Promise<string> {
  const files = (await readdir(probes, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(go|mod|sum)$/.test(entry.name) && !entry.name.endsWith('_test.go'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256');
  for (const name of files)
    hash
      .update(`${name.slice(probes.length)}\0`)
      .update(await readFile(name))
      .update('\0');
  return hash.digest('hex');
}
