import { setTimeout as sleep } from 'node:timers/promises';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../fixtures/cluster/index.ts';
import { parseFrames } from './collect/frame.ts';
import { buildImage } from './image/image.ts';
import { probeProgram } from './image/program.ts';
import { ociImage } from './image/oci.ts';
import { readRun } from './store.ts';
import { cofferdam, finishedRun, kubectl, leftovers, testCluster } from './testing/e2e.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await testCluster();
  return () => cluster.down();
});
afterEach(async () => {
  await cofferdam(cluster, 'clean');
});

/** One small check: a witness and two pods. */
const small = ['--runtime-class', 'gvisor', '--only', 'kernel-isolation/boot-id-is-not-the-nodes'];

describe('what lies is caught', () => {
  test('a RuntimeClass that is named after Kata and runs runc', async () => {
    await kubectl(
      cluster,
      'apply -f -',
      'apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: kata}\nhandler: runc\n',
    );
    try {
      using finished = await finishedRun(cluster, '--runtime-class', 'kata', '--only', 'runtime-attribution/*');
      expect(finished.exitCode).toBe(1);
      expect(finished.run.verdicts.filter((one) => one.verdict === 'breached').map((one) => one.check)).toEqual([
        'runtime-attribution/handler-is-what-it-claims',
        'runtime-attribution/kernel-fingerprint-agrees',
      ]);
    } finally {
      await kubectl(cluster, 'delete runtimeclass kata');
    }
  });

  test('a policy engine that is off', async () => {
    await cluster.run('systemctl stop kube-router && nft flush ruleset; iptables -F');
    try {
      using finished = await finishedRun(
        cluster,
        '--runtime-class',
        'runc',
        '--only',
        'tenant-network/default-deny-stops-*',
      );
      expect(finished.exitCode, finished.output).toBe(1);
      expect(new Set(finished.run.verdicts.map((one) => one.verdict))).toEqual(new Set(['breached']));
    } finally {
      await cluster.run('systemctl start kube-router');
    }
  });

  test('an image that is not the probe, whatever it prints', async () => {
    // It prints what the probe does, because it is the probe but for its last byte, which no loader of programs looks at.
    const { binary } = await buildImage('amd64');
    const image = await ociImage({
      name: 'localhost/hostile:v1',
      architecture: 'amd64',
      binary: Buffer.concat([binary, Buffer.alloc(1)]),
      entrypoint: probeProgram,
    });
    const directory = mkdtempSync(join(tmpdir(), 'cofferdam-hostile-'));
    try {
      writeFileSync(join(directory, 'image.tar'), image.tar);
      await cluster.importImage(join(directory, 'image.tar'));
      using finished = await finishedRun(cluster, ...small, '--image', 'localhost/hostile:v1');
      expect(finished.exitCode, finished.output).toBe(3);
      const { containers, verdicts } = finished.run;
      // All ran, and nothing is wrong with what they printed but who printed it.
      expect(new Set(containers.map(({ role, cell }) => `${role} ${cell.split('/')[0] ?? ''}`))).toEqual(
        new Set(['witness runc', 'subject runc', 'subject runsc']),
      );
      for (const { pod, container, imageId, facts } of containers) {
        const log = readFileSync(join(finished.directory, 'raw', `${pod}.${container}.log`), 'utf8');
        const framed = parseFrames(log, String(facts['nonce']));
        expect(framed, pod).toMatchObject({ complete: true });
        expect(framed.observations, pod).not.toEqual([]);
        expect([image.manifestDigest, image.configDigest], pod).toContain(
          /sha256:[0-9a-f]{64}/.exec(imageId ?? '')?.[0],
        );
      }
      expect(containers.flatMap(({ observations }) => observations)).toEqual([]);
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(['inconclusive']);
      expect(verdicts[0]?.reason).toContain('not the probe that this version builds');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('what goes wrong has a clear cause, and leaves nothing', () => {
  test('an image that cannot be pulled', async () => {
    using finished = await finishedRun(cluster, ...small, '--image', 'localhost/there-is/none:v1');
    expect(finished.exitCode).toBe(3);
    expect(finished.run.troubles[0]?.cause).toMatch(/ErrImagePull|ImagePullBackOff/);
    expect(await leftovers(cluster)).toEqual([]);
  });

  test('admission that refuses the witness: what needs it is inconclusive, and says so', async () => {
    const policy = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: no-witness}
spec:
  failurePolicy: Fail
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
  validations: [{expression: "!has(object.metadata.labels) || !('cofferdam.dev/role' in object.metadata.labels) || object.metadata.labels['cofferdam.dev/role'] != 'witness'", message: "no witnesses here"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: no-witness}
spec: {policyName: no-witness, validationActions: [Deny]}
`;
    await kubectl(cluster, 'apply -f -', policy);
    try {
      await sleep(3000); // the API server takes a moment to enforce a new policy
      using finished = await finishedRun(
        cluster,
        ...small,
        '--only',
        'namespace-escape/restricted-pod-has-no-capabilities',
      );
      expect(finished.run.troubles[0]?.cause).toContain('no witnesses here');
      const verdicts = Object.fromEntries(
        finished.run.verdicts.map((one) => [one.check.split('/')[1] ?? one.check, one.verdict]),
      );
      expect(verdicts).toEqual({
        'boot-id-is-not-the-nodes': 'inconclusive',
        'restricted-pod-has-no-capabilities': 'held',
      });
    } finally {
      await kubectl(cluster, 'delete validatingadmissionpolicy/no-witness validatingadmissionpolicybinding/no-witness');
    }
  });

  test('Ctrl-C: stops, cleans up, and writes what was seen', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'cofferdam-int-'));
    const child = cofferdam(cluster, 'run', '--reference', 'runc', ...small, '--out', directory);
    try {
      await podAppears();
      child.kill('SIGINT');
      const result = await child;
      expect(result.exitCode, result.all).toBe(3);
      const run = readRun(directory);
      expect(run.run.interrupted).toBe('interrupted by SIGINT');
      expect(run.verdicts.map((one) => one.verdict)).toEqual(['inconclusive']);
      expect(await leftovers(cluster)).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test('a killed run: clean removes all of it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'cofferdam-kill-'));
    const child = cofferdam(cluster, 'run', '--reference', 'runc', ...small, '--out', directory);
    try {
      await podAppears();
      child.kill('SIGKILL');
      await child;
      expect((await leftovers(cluster)).length).toBeGreaterThan(0);
      const cleaned = await cofferdam(cluster, 'clean');
      expect(cleaned.exitCode, cleaned.all).toBe(0);
      expect(await leftovers(cluster)).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test('an API server that stops half way', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'cofferdam-lost-'));
    const child = cofferdam(
      cluster,
      'run',
      '--reference',
      'runc',
      '--timeout-scale',
      '0.3',
      ...small,
      '--out',
      directory,
    );
    try {
      await podAppears();
      await cluster.run('systemctl stop kube-apiserver');
      const result = await child;
      expect(result.exitCode, result.all).toBe(3);
      expect(readRun(directory).run.interrupted).toContain('was lost');
      expect(result.stderr).toContain('cofferdam clean --run');
    } finally {
      await cluster.run('systemctl start kube-apiserver');
      await apiServerAnswers();
      rmSync(directory, { recursive: true });
    }
    expect((await cofferdam(cluster, 'clean')).exitCode).toBe(0);
    expect(await leftovers(cluster)).toEqual([]);
  });
});

async function podAppears(): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    if ((await kubectl(cluster, 'get pods -A -l cofferdam.dev/run -o name')).trim()) return;
    await sleep(1000);
  }
  throw new Error('no pod of the run appeared in 60 s');
}

async function apiServerAnswers(): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    if ((await cluster.run('kubectl get --raw /readyz')).exitCode === 0) return;
    await sleep(2000);
  }
  throw new Error('the API server did not come back in 120 s');
}
