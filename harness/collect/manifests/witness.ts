import type { V1Pod } from '@kubernetes/client-node';
import { resolveAttempt } from '../../attempt.ts';
import type { WitnessPod } from '../../plan/planned.ts';
import { stackPorts } from '../../plan/tell-tales.ts';
import { patient } from './patience.ts';
import { container, pod, readiness, readyPort, scratch } from './pod.ts';
import type { Common } from './pod.ts';

/** Time for a witness to undo what it planted once it is told to end, in seconds. */
const witnessGrace = 30;

/** The pod that reads the node's truth, plants the canaries, watches, and undoes everything when it is told to end. */
export function witnessManifest(common: Common, witness: WitnessPod): V1Pod {
  const { plan } = common;
  const plants = Object.entries(witness.canaries).map(([name, token]) => ({
    id: `canary.${name}`,
    plant: name === 'shared-memory' ? 'sysv-shm' : name,
    token,
    ...(name === 'shared-memory' && { key: witness.sharedMemoryKey }),
    ...(name === 'key' && { description: witness.keyDescription }),
  }));
  const attempts = [...witness.truths].map(([id, attempt]) => {
    const resolved = resolveAttempt(attempt, {});
    return { id, ...('attempt' in resolved ? patient(common.patience, resolved.attempt) : {}) };
  });
  const job = {
    nonce: witness.nonce,
    run: plan.runId,
    nodeDirectory: plan.canaryDirectory,
    readyPort,
    plants,
    attempts,
    census: { volume: scratch(plan), ports: stackPorts },
    counters: { id: 'counter', path: '/proc/sys/fs/aio-nr', intervalMs: 50 },
    maxLifeMs: common.lifetimes.long * 1000,
  };
  const shape = { hostPID: true, terminationGracePeriodSeconds: witnessGrace };
  return pod(common, witness.name, plan.namespace, 'witness', witness.cell, common.lifetimes.long, shape, [
    container(common, 'witness', 'witness', job, {
      securityContext: { privileged: true, runAsUser: 0 },
      ...readiness,
    }),
  ]);
}
