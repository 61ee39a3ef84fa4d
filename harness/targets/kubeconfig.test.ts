import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { UsageError } from '../usage.ts';
import { TargetError } from './errors.ts';
import { KubernetesTarget } from './kubernetes.ts';

function kubeconfig(server: string, edits: Record<string, unknown> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'cofferdam-kubeconfig-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'config');
  const config = {
    'current-context': 'c',
    clusters: [{ name: 'k', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    ...edits,
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

async function targetAt(answer: RequestListener): Promise<KubernetesTarget> {
  const server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return new KubernetesTarget({
    kubeconfig: kubeconfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
  });
}

describe('a kubeconfig that leads to no cluster says why', () => {
  const nowhere = 'https://127.0.0.1:1';
  test.each([
    [{ 'current-context': '' }, undefined, 'it names no current context; choose one with --context (it has: c)'],
    [{ 'current-context': 'd' }, undefined, 'it has no context d (it has: c)'],
    [{}, 'e', 'it has no context e (it has: c)'],
    [{ clusters: [] }, undefined, 'its context c is of cluster k, which it does not have'],
    [
      { contexts: [], 'current-context': '' },
      undefined,
      'it names no current context; choose one with --context (it has: none)',
    ],
  ])('%j, --context %s', (edits, context, why) => {
    const file = kubeconfig(nowhere, edits);
    const open = () => new KubernetesTarget({ kubeconfig: file, context });
    expect(open).toThrow(UsageError);
    expect(open).toThrow(`reading the kubeconfig ${file}: ${why}`);
  });

  test('so does none at all, where the library would make one up', () => {
    vi.stubEnv('KUBECONFIG', '');
    vi.stubEnv('HOME', '/nonexistent');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(() => new KubernetesTarget({})).toThrow(
      "reading the kubeconfig (~/.kube/config, or the pod's own): there is none",
    );
  });
});

test.each(['<html>sign in</html>', '{}', 'null', '[]', '{"items": 1'])(
  'a server that answers %s to everything is no API server, and no fault of ours',
  async (body) => {
    const target = await targetAt((_, response) => response.end(body));
    for (const asked of [
      target.version,
      target.nodes,
      target.runtimeClasses,
      target.leftovers,
      target.leftoverRuntimeClasses,
    ]) {
      const error = await asked().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TargetError);
      expect((error as Error).message).not.toContain('Cannot read properties');
    }
  },
);

test('a server that takes a request and never answers it is left, and the message says after how long', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const taken = Promise.withResolvers<undefined>();
  const target = await targetAt(() => taken.resolve(undefined));
  const asked = expect(target.nodes()).rejects.toThrow('listing nodes: no answer within 60 s');
  await taken.promise;
  vi.advanceTimersByTime(60_000);
  await asked;
});

test('a node is found by its name, whatever its labels are, and one that is gone is not', async () => {
  const items = [{ metadata: { name: 'ip-10-0-0-1', labels: { 'kubernetes.io/hostname': 'other' } } }];
  const asked: string[] = [];
  const target = await targetAt((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ items }));
  });
  expect((await target.node('ip-10-0-0-1'))?.metadata?.name).toBe('ip-10-0-0-1');
  expect(await target.node('other')).toBeUndefined();
  expect(decodeURIComponent(asked[0] ?? '')).toContain('fieldSelector=metadata.name=ip-10-0-0-1');
});
