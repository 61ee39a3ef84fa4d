import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../fixtures/cluster/index.ts';
import { claimOptions } from '../fixtures/cluster/index.ts';
import { cofferdam, kubectl, leftovers, testCluster, withKubeconfig, withLeastRights } from '../harness/testing/e2e.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await testCluster();
});
afterAll(() => cluster.down());

/** A port of this computer's loopback at which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** A namespace as a run that was killed leaves it. */
const leftBehind = (run: string) => `
apiVersion: v1
kind: Namespace
metadata:
  name: cofferdam-${run}
  labels: { app.kubernetes.io/managed-by: cofferdam, cofferdam.dev/run: "${run}" }
`;

describe('doctor', () => {
  test('finds nothing that stops a run, and says what it would lack', async () => {
    const { exitCode, all } = await cofferdam(cluster, 'doctor', '--reference', 'runc');
    expect(exitCode, all).toBe(0);
    // Nodes tell which images they have only now and then.
    expect(all).toMatch(/node-1 (has|does not say that it has) the image/);
    expect(all).toContain('✓ runsc on node-1: application-kernel');
    expect(all).toContain('! microvm on node-1: its isolation class is unknown; state it with --claim microvm=CLASS');
    expect(all).toContain('A run would work.');
  });
  test('says so of a reader without rights, and how to get them', async () => {
    await using limited = await withLeastRights(cluster);
    await kubectl(cluster, 'delete clusterrolebinding cofferdam');
    const { exitCode, all } = await cofferdam(limited, 'doctor');
    expect(exitCode, all).toBe(3);
    expect(all).toContain('✗ you may not list nodes (');
    expect(all).toContain('✗ you may not create pods (');
    expect(all).toContain('The rights it needs: cofferdam rbac | kubectl apply -f -');
  });
  test('says of a server that nobody is at what was tried, and what to do', async () => {
    const server = `https://127.0.0.1:${await freePort()}`;
    const known = readFileSync(cluster.kubeconfig, 'utf8');
    using nowhere = withKubeconfig(cluster, known.replace(/server: .*/, `server: ${server}`));
    const { exitCode, all } = await cofferdam(nowhere, 'doctor');
    expect(exitCode, all).toBe(3);
    expect(all).toContain(`✗ asking ${server} for its version: `);
    expect(all).toContain('--kubeconfig and --context name others');
  });
  test('makes nothing', async () => expect(await leftovers(cluster)).toEqual([]));
});

test('run --dry-run says what would be made, and makes nothing', async () => {
  const { exitCode, all } = await cofferdam(cluster, 'run', '--dry-run', '--reference', 'runc', ...claimOptions);
  expect(exitCode, all).toBe(0);
  for (const handler of ['runsc', 'microvm', 'runc']) expect(all).toContain(`  ${handler} on node-1: `);
  expect(all).toContain('witness: privileged, hostPID');
  expect(all).toContain('create pods: ');
  expect(await leftovers(cluster)).toEqual([]);
});

test('clean removes what a run left, and of no other than the one that is named', async () => {
  await kubectl(cluster, 'apply -f -', leftBehind('aaaa0001'));
  await kubectl(cluster, 'apply -f -', leftBehind('aaaa0002'));
  const one = await cofferdam(cluster, 'clean', '--run', 'aaaa0001');
  expect(one.exitCode, one.all).toBe(0);
  expect(one.all).toContain('removed namespace cofferdam-aaaa0001 of run aaaa0001');
  expect(await leftovers(cluster)).toEqual(['namespace/cofferdam-aaaa0002']);
  const rest = await cofferdam(cluster, 'clean');
  expect(rest.exitCode, rest.all).toBe(0);
  expect(rest.all).toContain('removed namespace cofferdam-aaaa0002 of run aaaa0002');
  expect(await leftovers(cluster)).toEqual([]);
  expect((await cofferdam(cluster, 'clean')).all).toContain('No run has left anything.');
});
