import type { V1Container, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { limits } from '../../../fixtures/profiles.ts';
import type { Cell } from '../../evidence.ts';
import type { Plan } from '../../plan/planned.ts';
import { labelsOf, roleLabel } from '../../labels.ts';
import type { Lifetimes, Patience } from './patience.ts';

/** What a pod of a run is made with, whichever it is: the plan, the image, and how patient the run is by now. */
export interface Common {
  plan: Plan;
  image: string;
  lifetimes: Lifetimes;
  patience: Patience;
}

/** The probe listens here once a long-lived pod is ready, for the kubelet's startup probe: see `readiness`. */
export const readyPort = 7002;

/** A pod of the run, in its cell: what is the same whatever it does. */
export function pod(
  common: Common,
  name: string,
  namespace: string,
  role: string,
  cell: Cell,
  lifetime: number,
  spec: Partial<V1PodSpec>,
  containers: V1Container[],
): V1Pod {
  const { plan } = common;
  return {
    metadata: { name, namespace, labels: { ...labelsOf(plan.runId), [roleLabel]: role } },
    spec: {
      // As the DaemonSet controller does: the scheduler still checks that the pod fits, and RuntimeClass scheduling applies.
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [cell.node] }] }],
          },
        },
      },
      tolerations: [{ operator: 'Exists' }],
      ...(cell.runtimeClass !== null && { runtimeClassName: cell.runtimeClass }),
      ...(cell.userNamespaces && { hostUsers: false }),
      restartPolicy: 'Never',
      // A run that is killed still ends on the cluster.
      activeDeadlineSeconds: lifetime,
      terminationGracePeriodSeconds: 30,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      volumes: [{ name: scratch(plan), emptyDir: { sizeLimit: '1Mi' } }, ...(spec.volumes ?? [])],
      ...podWithout(spec),
      // The witness recognises the run's pods on its node by the directory of this volume, which the kubelet makes only
      // for a volume that is mounted.
      containers: containers.map(({ volumeMounts = [], ...rest }) => ({
        ...rest,
        volumeMounts: [{ name: scratch(plan), mountPath: '/tmp' }, ...volumeMounts],
      })),
    },
  };
}

/** The name of the volume that every pod of a run has, and no other pod. */
export const scratch = (plan: Plan): string => `cofferdam-${plan.runId}`;

const podWithout = ({ volumes: _, ...rest }: Partial<V1PodSpec>): Partial<V1PodSpec> => rest;

/** What containers ask to be given. */
export const requests = { cpu: '10m', memory: '32Mi' };

/** A container that runs the probe in one of its modes, with its plan. */
export function container(
  common: Common,
  name: string,
  mode: string,
  plan: object,
  { env = [], ...rest }: Partial<V1Container>,
): V1Container {
  return {
    name,
    image: common.image,
    imagePullPolicy: 'IfNotPresent',
    args: [mode],
    env: [{ name: 'COFFERDAM_PLAN', value: JSON.stringify({ schema: 1, ...plan }) }, ...env],
    resources: { requests, limits: { cpu: String(limits.cpu), memory: String(limits.memory) } },
    terminationMessagePolicy: 'FallbackToLogsOnError',
    ...rest,
  };
}

/** A startup probe, because nobody asks again once it was answered; without a readiness probe the pod is ready then. */
export const readiness = {
  startupProbe: { tcpSocket: { port: readyPort }, periodSeconds: 1, failureThreshold: 3600 },
} as const;
