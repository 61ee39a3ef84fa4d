import type { V1Pod, V1PodStatus } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { Pods, describeContainer } from './pods.ts';

const pod = (status: V1PodStatus): V1Pod => ({ metadata: { namespace: 'n', name: 'p' }, status });

test('the addresses of a pod are known after its status says nothing of them any more', () => {
  const pods = new Pods();
  expect(pods.addresses('n', 'p')).toBeUndefined();
  pods.onPod(pod({ phase: 'Pending' }), false);
  expect(pods.addresses('n', 'p')).toBeUndefined();
  pods.onPod(pod({ phase: 'Running', podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }] }), false);
  pods.onPod(pod({ phase: 'Succeeded' }), false);
  expect(pods.addresses('n', 'p')).toEqual(['10.0.0.1', 'fd00::1']);
  pods.onPod(pod({ phase: 'Running', podIP: '10.0.0.2' }), true);
  expect(pods.addresses('n', 'p')).toEqual(['10.0.0.2']);
  expect(pods.addresses('n', 'q')).toBeUndefined();
});

test('a container that the runtime could not start is told of in the runtime’s words, and never in a container’s own', () => {
  const of = (terminated: { exitCode: number; reason?: string; message?: string }) =>
    describeContainer({ state: { terminated } } as Parameters<typeof describeContainer>[0]);
  expect(of({ exitCode: 128, reason: 'StartError', message: 'runc: no such file' })).toBe(
    'exit code 128 (StartError: runc: no such file)',
  );
  expect(of({ exitCode: 128, reason: 'StartError' })).toBe('exit code 128 (StartError)');
  expect(of({ exitCode: 1, reason: 'Error', message: 'held' })).toBe('exit code 1 (Error)');
  expect(of({ exitCode: 1 })).toBe('exit code 1 (no reason given)');
});
