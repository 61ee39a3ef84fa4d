import { createHash } from 'node:crypto';
import type { V1Pod } from '@kubernetes/client-node';
import { podShapes, profiles } from '../../../fixtures/profiles.ts';
import { attemptId, isMadeAgain, readOnlyTwinOf, resolveAttempt, tokenDirectory } from '../../attempt.ts';
import type { Facts } from '../../attempt.ts';
import { probeProgram } from '../../image/program.ts';
import type { Plan, SubjectPod } from '../../plan/planned.ts';
import { patient } from './patience.ts';
import { container, pod, requests } from './pod.ts';
import type { Common } from './pod.ts';

/** The name by which an executed process finds the first one of its container; its twin is `probes/internal/executed`. */
const executedIn = (nonce: string): string =>
  createHash('sha256').update(`executed:${nonce}`).digest('hex').slice(0, 32);

/**
 * The kubelet executes a process in the container until that ends well, which it does as soon as it told what it saw: a startup
 * probe is not made again then, and where none may be executed, nothing ends for it.
 */
const executes = (nonce: string) => ({
  startupProbe: {
    exec: { command: [probeProgram, 'executed', executedIn(nonce)] },
    periodSeconds: 2,
    timeoutSeconds: 60,
    failureThreshold: 3600,
  },
});

/**
 * The directory that the witness made. Where none could, nobody is let make one: it would stay on the node. It has no type,
 * for the kubelet would look itself, and where that has a mount namespace of its own (Talos) it sees no such directory.
 */
const canaryVolume = (plan: Plan, facts: Facts) => ({
  name: 'canaries',
  ...('canaryDirectory' in facts ? { hostPath: { path: plan.canaryDirectory } } : { emptyDir: {} }),
});
/** In this order: with the read-only one first, Kata's Go runtime makes both read-only (kata-containers issue 11668). */
const canaryMounts = (plan: Plan) => [
  { name: 'canaries', mountPath: plan.canaryDirectory },
  { name: 'canaries', mountPath: readOnlyTwinOf(plan.canaryDirectory), readOnly: true },
];

/** Where the kubelet puts the token that it asks for. It stands for nothing but the pod's name, and ends with the pod. */
const tokenVolume = {
  name: 'token',
  projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3600 } }] },
};

/** A pod that makes all its attempts and ends. `facts` are the node's, as its witness told them. */
export function subjectManifest(common: Common, subject: SubjectPod, facts: Facts): V1Pod {
  const { plan } = common;
  const has = (what: 'mountsCanaryDirectory' | 'hasToken') =>
    subject.containers.some((one) => profiles[one.profile][what]);
  const volumes = [
    ...(has('mountsCanaryDirectory') ? [canaryVolume(plan, facts)] : []),
    ...(has('hasToken') ? [tokenVolume] : []),
  ];
  const containers = subject.containers.map((one) => {
    const attempts = one.attempts.flatMap((attempt) => {
      const resolved = resolveAttempt(attempt, { ...facts, ...one.facts });
      if ('missing' in resolved) return [];
      const again = isMadeAgain(attempt) && { again: 1 };
      return [{ id: attemptId(attempt), ...patient(common.patience, resolved.attempt), ...again }];
    });
    const job = {
      nonce: one.nonce,
      mark: true,
      minLifeMs: common.patience.seen,
      readyPort: one.facts['stack.port'],
      attempts,
    };
    return container(common, one.name, 'attempt', job, {
      securityContext: profiles[one.profile].securityContext,
      env: Object.entries(profiles[one.profile].environment ?? {}).map(([name, value]) => ({ name, value })),
      ...(profiles[one.profile].unlimited && { resources: { requests } }),
      ...(one.attempts.some(({ kind }) => kind === 'executed') && executes(one.nonce)),
      volumeMounts: [
        ...(profiles[one.profile].mountsCanaryDirectory ? canaryMounts(plan) : []),
        ...(profiles[one.profile].hasToken ? [{ name: 'token', mountPath: tokenDirectory, readOnly: true }] : []),
      ],
    });
  });
  const shape = { ...podShapes[subject.shape], volumes };
  return pod(
    common,
    subject.name,
    plan.namespace,
    'subject',
    subject.cell,
    common.lifetimes.subject,
    shape,
    containers,
  );
}
