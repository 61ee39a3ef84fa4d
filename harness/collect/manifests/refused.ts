import type { V1Pod } from '@kubernetes/client-node';
import { profiles } from '../../../fixtures/profiles.ts';
import { attemptId } from '../../attempt.ts';
import type { Cell } from '../../evidence.ts';
import { annotation, rawSocket } from '../../judge/annotations.ts';
import type { AnnotatedPod } from '../../plan/planned.ts';
import { patient } from './patience.ts';
import { container, pod } from './pod.ts';
import type { Common } from './pod.ts';

/** A pod like any other, but for an annotation by which it asks for a weaker sandbox. */
export function annotatedManifest(common: Common, { name, cell, nonce }: AnnotatedPod): V1Pod {
  const attempts = [{ id: attemptId(rawSocket), ...patient(common.patience, rawSocket) }];
  const { securityContext } = profiles['default-root'];
  const probe = container(common, 'probe', 'attempt', { nonce, attempts }, { securityContext });
  const made = pod(common, name, common.plan.namespace, 'annotated', cell, common.lifetimes.subject, {}, [probe]);
  if (made.metadata) made.metadata.annotations = annotation;
  return made;
}

/** A pod that asks for a handler no node has: it must never run. */
export function missingHandlerManifest(common: Common, cell: Cell, name: string, runtimeClass: string): V1Pod {
  return pod(
    common,
    name,
    common.plan.namespace,
    'missing-handler',
    { ...cell, runtimeClass },
    common.lifetimes.subject,
    {},
    [
      container(
        common,
        'probe',
        'attempt',
        { nonce: '00', attempts: [] },
        { securityContext: profiles.restricted.securityContext },
      ),
    ],
  );
}
