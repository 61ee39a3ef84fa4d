import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { extract } from 'tar-stream';
import { ociImage } from './oci.ts';

const source = { name: 'localhost/x:v1', architecture: 'amd64', binary: Buffer.from('binary'), entrypoint: '/probe' };

test('an image is the same to the byte every time', async () => {
  const [first, second] = [await ociImage(source), await ociImage(source)];
  expect(first.tar.equals(second.tar)).toBe(true);
});

test('another binary is another image', async () => {
  const [first, second] = [await ociImage(source), await ociImage({ ...source, binary: Buffer.from('binarx') })];
  expect(first.manifestDigest).not.toBe(second.manifestDigest);
  expect(first.configDigest).not.toBe(second.configDigest);
});

test('every blob has the digest that names it, and the index leads to the binary', async () => {
  const { tar, manifestDigest, configDigest } = await ociImage(source);
  const files = await filesOf(tar);
  for (const [name, body] of files) {
    if (name.startsWith('blobs/sha256/') && body.length)
      expect(name).toBe(`blobs/sha256/${createHash('sha256').update(body).digest('hex')}`);
  }
  const blob = (digest: string) => files.get(`blobs/sha256/${digest.replace('sha256:', '')}`) ?? Buffer.alloc(0);
  const index = JSON.parse(String(files.get('index.json'))) as {
    manifests: { digest: string; annotations: Record<string, string> }[];
  };
  expect(index.manifests[0]?.digest).toBe(manifestDigest);
  expect(index.manifests[0]?.annotations['io.containerd.image.name']).toBe('localhost/x:v1');
  const manifest = JSON.parse(String(blob(manifestDigest))) as {
    config: { digest: string };
    layers: { digest: string }[];
  };
  expect(manifest.config.digest).toBe(configDigest);
  expect((await filesOf(blob(manifest.layers[0]?.digest ?? ''))).get('probe')?.toString()).toBe('binary');
});

async function filesOf(tar: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const stream = extract();
  stream.end(tar);
  for await (const entry of stream) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    files.set(entry.header.name, Buffer.concat(chunks));
  }
  return files;
}
