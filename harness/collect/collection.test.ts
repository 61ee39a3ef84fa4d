import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Collection } from './collection.ts';
import { Journal } from '../journal.ts';
import { makePlan } from '../plan/plan.ts';
import { silent } from '../progress.ts';
import type { KubernetesTarget } from '../targets/kubernetes.ts';
import { runc } from '../testing/evidence.ts';

const nonce = 'beef';
const digests = ['sha256:0a0a', 'sha256:0b0b'];
/** A log without a fault: every line is there, with the right nonce, to the last. */
const perfect = [
  { id: 'i', kind: 'identity', value: { bootId: 'own' } },
  { id: 'a', kind: 'call', errno: 'EPERM', step: 'call' },
  { end: true, count: 2 },
]
  .map((line, index) => `cofferdam/1 ${nonce} ${index + 1} ${JSON.stringify(line)}\n`)
  .join('');

/** What is made of that log, when the kubelet names the image of the container that printed it so. */
async function readFrom(imageID: string | undefined, imageDigests: readonly string[] = digests) {
  const directory = mkdtempSync(join(tmpdir(), 'cofferdam-collection-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const target = { log: () => Promise.resolve(perfect) } as unknown as KubernetesTarget;
  const run = new Collection(makePlan([], [runc]), target, {
    image: 'probe',
    digests: imageDigests,
    maxPods: 1,
    timeoutScale: 1,
    nodeAddresses: new Map(),
    journal: new Journal(directory),
    progress: silent,
    signal: new AbortController().signal,
  });
  const status = {
    name: 'probe',
    image: 'probe',
    ready: false,
    restartCount: 0,
    state: { terminated: { exitCode: 0 } },
  };
  run.pods.onPod(
    {
      metadata: { name: 'pod', namespace: 'ns' },
      // The kubelet leaves it empty, and a client may leave it out; its type knows neither.
      status: { containerStatuses: [{ ...status, imageID: imageID as string }] },
    },
    false,
  );
  const about = { pod: 'pod', namespace: 'ns', container: 'probe', cell: runc.id, profile: 'default-root' };
  const evidence = await run.readContainer({ ...about, role: 'subject', facts: { nonce } });
  return { evidence, run, raw: readFileSync(join(directory, 'raw', 'pod.probe.log'), 'utf8') };
}

test.each([
  ['the configuration, as for an image that was imported', 'sha256:0b0b'],
  ['the manifest, as for an image that was pulled', 'registry.example/probe@sha256:0a0a'],
])('what the probe printed is believed, where the kubelet names its image by %s', async (_, imageID) => {
  const { evidence, run } = await readFrom(imageID);
  expect(evidence).toMatchObject({ complete: true, imageId: imageID });
  expect(evidence).not.toHaveProperty('cause');
  expect(evidence.observations.map(({ id }) => id)).toEqual(['i', 'a']);
  expect(run.containers).toEqual([evidence]);
});

test.each([
  ['of another digest', 'sha256:0c0c'],
  ['of another digest, under the name of the probe', 'localhost/cofferdam/probe@sha256:0c0c'],
  ['that the kubelet does not name', ''],
  ['of which nothing is known', undefined],
])('nothing is believed of a perfect log from an image %s', async (_, imageID) => {
  const { evidence, run, raw } = await readFrom(imageID);
  expect(evidence).toMatchObject({ complete: false, observations: [] });
  expect(evidence.cause).toContain(
    `the image that ran is ${imageID || 'unknown'}, not the probe that this version builds`,
  );
  expect(run.containers).toEqual([evidence]);
  // It is kept all the same, for whoever wants to know what it was.
  expect(raw).toBe(perfect);
});

test('nothing is believed where the probe is not built for any node', async () => {
  expect((await readFrom('sha256:0a0a', [])).evidence).toMatchObject({ complete: false, observations: [] });
});
