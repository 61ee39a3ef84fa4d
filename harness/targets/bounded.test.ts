import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { textUpTo } from './bounded.ts';
import { KubernetesTarget } from './kubernetes.ts';

const encoder = new TextEncoder();
const streamOf = (...chunks: string[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
      controller.close();
    },
  });

test.each([
  ['a text that is shorter', ['abc', 'def'], 10, 'abcdef'],
  ['one that is just as long', ['abc', 'def'], 6, 'abcdef'],
  ['one that is longer, cut inside a chunk', ['abc', 'def'], 4, 'abcd'],
  ['one that is longer, cut between two', ['abc', 'def'], 3, 'abc'],
  ['nothing', [], 5, ''],
  ['a character that is cut in two', ['aé'], 2, 'a'],
])('%s', async (_, chunks, limit, expected) => expect(await textUpTo(streamOf(...chunks), limit)).toBe(expected));

test('a character may lie in two chunks', async () => {
  const [first, second] = encoder.encode('é');
  const stream = ReadableStream.from([Uint8Array.of(first!), Uint8Array.of(second!)]) as ReadableStream<Uint8Array>;
  expect(await textUpTo(stream, 2)).toBe('é');
});

test('of 10 GB no more is read than wanted', async () => {
  const chunk = new Uint8Array(1024 * 1024).fill(0x61);
  let sent = 0;
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent >= 10 * 1024) return controller.close();
      sent++;
      controller.enqueue(chunk);
    },
    cancel: () => void (cancelled = true),
  });
  expect(await textUpTo(endless, 4 * 1024 * 1024)).toHaveLength(4 * 1024 * 1024);
  expect(cancelled).toBe(true);
  // One more may be on its way already.
  expect(sent).toBeLessThanOrEqual(6);
});

test('a node that does not stop where it is asked to is not listened to any longer', async () => {
  const line = Buffer.from(`cofferdam/1 ee 1 {"id":"${'x'.repeat(1024)}"}\n`.repeat(64));
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    const more = (): void => {
      while (!response.destroyed && response.write(line));
    };
    response.on('drain', more);
    more();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const directory = mkdtempSync(join(tmpdir(), 'cofferdam-bounded-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const kubeconfig = join(directory, 'kubeconfig');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    }),
  );
  const log = await new KubernetesTarget({ kubeconfig }).log('n', 'p', 'c');
  expect(log).toHaveLength(4 * 1024 * 1024);
});
