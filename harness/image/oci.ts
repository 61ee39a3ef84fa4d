import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

/** An image as an OCI image layout in a tar, the form that `ctr images import` and `skopeo` take. */
export interface OciImage {
  tar: Buffer;
  /** Digest of the manifest: how a registry names the image. */
  manifestDigest: string;
  /** Digest of the configuration: how the kubelet names an image that was imported. */
  configDigest: string;
}

export interface ImageSource {
  name: string;
  architecture: string;
  binary: Buffer;
  entrypoint: string;
}

const digest = (bytes: Buffer | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
/** The start of time, in every entry: an image is the same to the byte whenever it is built. */
const mtime = new Date(0);

/**
 * Builds an image of one binary and the directories that a container needs, per the OCI image specification 1.1. The
 * layer is not compressed: compressors differ in their bytes from version to version.
 */
export async function ociImage({ name, architecture, binary, entrypoint }: ImageSource): Promise<OciImage> {
  const layer = await tarOf([
    { name: 'dev/', mode: 0o755 },
    { name: 'etc/', mode: 0o755 },
    { name: 'proc/', mode: 0o755 },
    { name: 'sys/', mode: 0o755 },
    { name: 'tmp/', mode: 0o1777 },
    { name: 'var/', mode: 0o755 },
    { name: entrypoint.slice(1), mode: 0o755, body: binary },
  ]);
  const config = json({
    architecture,
    os: 'linux',
    created: mtime.toISOString(),
    config: {
      Entrypoint: [entrypoint],
      WorkingDir: '/',
      Labels: { 'org.opencontainers.image.title': 'cofferdam-probe' },
    },
    rootfs: { type: 'layers', diff_ids: [digest(layer)] },
    history: [{ created: mtime.toISOString(), created_by: 'cofferdam image' }],
  });
  const descriptor = (mediaType: string, bytes: Buffer) => ({ mediaType, digest: digest(bytes), size: bytes.length });
  const manifest = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar', layer)],
  });
  const index = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [
      {
        ...descriptor('application/vnd.oci.image.manifest.v1+json', manifest),
        platform: { architecture, os: 'linux' },
        annotations: { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': name.split(':').at(-1) },
      },
    ],
  });
  const blob = (bytes: Buffer) => ({ name: `blobs/sha256/${digest(bytes).slice(7)}`, mode: 0o644, body: bytes });
  const tar = await tarOf([
    { name: 'oci-layout', mode: 0o644, body: json({ imageLayoutVersion: '1.0.0' }) },
    { name: 'index.json', mode: 0o644, body: index },
    { name: 'blobs/', mode: 0o755 },
    { name: 'blobs/sha256/', mode: 0o755 },
    ...[layer, config, manifest].map(blob),
  ]);
  return { tar, manifestDigest: digest(manifest), configDigest: digest(config) };
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

async function tarOf(entries: readonly { name: string; mode: number; body?: Buffer }[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, mode, body } of entries) {
    const header = { name, mode, mtime, uid: 0, gid: 0, uname: '', gname: '' };
    if (body) archive.entry({ ...header, type: 'file', size: body.length }, body);
    else archive.entry({ ...header, type: 'directory' });
  }
  archive.finalize();
  return buffer(archive);
}
