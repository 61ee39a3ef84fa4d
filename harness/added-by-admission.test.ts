import type { V1Container, V1Pod } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { addedMounts, addedVariables } from './added-by-admission.ts';

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
