import type { V1Container, V1Pod } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { addedMounts, addedVariables, changedLimits, hostPaths } from './added-by-admission.ts';

const pod = (container: Partial<V1Container>): V1Pod => ({
  spec: {
    containers: [
      { name: 'other', env: [{ name: 'OTHER' }] },
      { name: 'probe', ...container },
    ],
  },
});
const asked = pod({ env: [{ name: 'PLAN' }] });

test('what was added is what was not asked for, of this container', () => {
  expect(addedVariables(asked, asked, 'probe')).toEqual([]);
  expect(addedVariables(asked, pod({ env: [{ name: 'AGENT' }, { name: 'PLAN' }] }), 'probe')).toEqual(['AGENT']);
  expect(addedVariables(asked, pod({}), 'probe')).toEqual([]);
});

test('it is not known of a pod that was not seen, or that takes all variables of an object', () => {
  expect(addedVariables(asked, undefined, 'probe')).toBeUndefined();
  expect(addedVariables(asked, asked, 'another')).toBeUndefined();
  expect(addedVariables(asked, pod({ envFrom: [{ configMapRef: { name: 'x' } }] }), 'probe')).toBeUndefined();
});

test('so it is with mounts', () => {
  const mounted = (...paths: string[]) =>
    pod({ volumeMounts: paths.map((mountPath) => ({ name: mountPath.slice(1), mountPath })) });
  expect(addedMounts(mounted('/tmp'), mounted('/tmp', '/opt/agent'), 'probe')).toEqual(['/opt/agent']);
  expect(addedMounts(mounted('/tmp'), mounted('/tmp'), 'probe')).toEqual([]);
  expect(addedMounts(pod({}), mounted('/tmp'), 'probe')).toEqual(['/tmp']);
  expect(addedMounts(mounted('/tmp'), pod({}), 'probe')).toEqual([]);
  expect(addedMounts(asked, undefined, 'probe')).toBeUndefined();
});

test('of limits it is told which are others than were asked for, and that the kubelet spares the pod', () => {
  const limited = (limits: Record<string, string>): V1Pod => pod({ resources: { limits } });
  const own = limited({ memory: '134217728', cpu: '1' });
  expect(changedLimits(own, own, 'probe')).toEqual({});
  expect(changedLimits(own, limited({ memory: '128Mi', cpu: '1000m' }), 'probe')).toEqual({});
  expect(changedLimits(own, limited({ memory: '512Mi', cpu: '1' }), 'probe')).toEqual({ 'limits.memory': 536870912 });
  expect(changedLimits(own, limited({ cpu: '250m' }), 'probe')).toEqual({
    'limits.memory': 'none',
    'limits.cpu': 0.25,
  });
  expect(changedLimits(pod({}), own, 'probe')).toEqual({ 'limits.memory': 134217728, 'limits.cpu': 1 });
  expect(changedLimits(own, undefined, 'probe')).toEqual({});
  const status = (qosClass: string) => {
    const stored = limited({ memory: '128Mi', cpu: '1' });
    stored.status = { qosClass };
    return changedLimits(own, stored, 'probe');
  };
  expect(status('Guaranteed')).toEqual({ 'pod.spared': 'the requests are the limits (Guaranteed)' });
  expect(status('Burstable')).toEqual({});
});

test('volumes of the node are those that were asked for, and those that were added', () => {
  const volumes = (...paths: string[]): V1Pod => ({
    spec: {
      containers: [],
      volumes: [{ name: 'own', emptyDir: {} }, ...paths.map((path) => ({ name: path, hostPath: { path } }))],
    },
  });
  expect(hostPaths(volumes('/a'), volumes('/a', '/b'))).toEqual(['/a', '/b']);
  expect(hostPaths(volumes('/a'), undefined)).toEqual(['/a']);
  expect(hostPaths(pod({}), pod({}))).toEqual([]);
});
