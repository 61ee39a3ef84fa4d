import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
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
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent >= 10 * 1024) {
        controller.close();
        return;
      }
      sent++;
      controller.enqueue(chunk);
    },
    cancel: () => void (cancelled = true),
  });
  expect(await textUpTo(stream, 4 * 1024 * 1024)).toHaveLength(4 * 1024 * 1024);
  expect(cancelled).toBe(true);
  // One more may be on its way already.
  expect(sent).toBeLessThanOrEqual(6);
});

/** A target whose API server answers everything as it is told to here. */
async function targetOf(answer: (response: ServerResponse, url: string) => void): Promise<KubernetesTarget> {
  const server = createServer((request, response) => answer(response, request.url ?? ''));
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
  return new KubernetesTarget({ kubeconfig });
}

/** Sends the same line for as long as somebody listens. */
function endless(response: ServerResponse): void {
  const line = Buffer.from(`cofferdam/1 ee 1 {"id":"${'x'.repeat(1024)}"}\n`.repeat(64));
  response.writeHead(200, { 'content-type': 'text/plain' });
  const more = (): void => {
    while (!response.destroyed && response.write(line));
  };
  response.on('drain', more);
  more();
}

test('a node that does not stop where it is asked to is not listened to any longer', async () => {
  const target = await targetOf(endless);
  expect(await target.log('n', 'p', 'c')).toHaveLength(4 * 1024 * 1024);
});

test('nor is one whose log is followed', async () => {
  const target = await targetOf(endless);
  let seen = 0;
  const { signal } = new AbortController();
  await target.followLog('n', 'p', 'c', { signal, onText: (soFar) => void (seen = soFar.length) });
  expect(seen).toBe(4 * 1024 * 1024);
});

test('a log that is followed is told of as it comes, until it is followed no longer', async () => {
  const asked: string[] = [];
  let more: (text: string) => void = () => undefined;
  const target = await targetOf((response, url) => {
    asked.push(url);
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write('one\n');
    more = (text) => void response.write(text);
  });
  const controller = new AbortController();
  const texts: string[] = [];
  const followed = target.followLog('n', 'p', 'c', {
    signal: controller.signal,
    onText: (soFar) => void texts.push(soFar),
  });
  await expect.poll(() => texts).toEqual(['one\n']);
  more('two\n');
  await expect.poll(() => texts).toEqual(['one\n', 'one\ntwo\n']);
  controller.abort(new Error('enough'));
  await expect(followed).rejects.toThrow('following the log of n/p c: enough');
  expect(asked).toEqual(['/api/v1/namespaces/n/pods/p/log?container=c&follow=true&limitBytes=4194304']);
  expect(target.requests).toEqual({ 'get pods/log': 1 });
});

test('a log that nobody may read is an error when it is followed, too', async () => {
  const target = await targetOf((response) => {
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ kind: 'Status', status: 'Failure', message: 'pods "p" is forbidden', code: 403 }));
  });
  const { signal } = new AbortController();
  await expect(target.followLog('n', 'p', 'c', { signal, onText: () => undefined })).rejects.toThrow('forbidden');
});
