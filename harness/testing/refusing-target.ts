import type { V1Pod } from '@kubernetes/client-node';
import { TargetError } from '../targets/errors.ts';
import type { KubernetesTarget } from '../targets/kubernetes.ts';

/** What a cluster that lets nothing begin does, and what was asked of it. */
export interface RefusingTarget {
  target: KubernetesTarget;
  /** What was created, and what was deleted, by name. */
  created: string[];
  deleted: string[];
}

/** How such a cluster answers. What is not said works, but that no pod ever starts. */
export interface Refusals {
  namespaces?: string;
  pods?: string;
  /** Called with each pod that was created, and with what tells the run about it. */
  onPod?: (pod: V1Pod, tell: (pod: V1Pod) => void) => void;
  nodeIsGone?: boolean;
}

/** A fake of what a cluster does rarely: it refuses, or loses a node. Everything else is tested on a real one. */
export function refusingTarget({ namespaces, pods, onPod, nodeIsGone = false }: Refusals): RefusingTarget {
  const [created, deleted] = [[] as string[], [] as string[]];
  const refuse = (doing: string, message: string): never => {
    throw new TargetError(doing, { status: 403, reason: 'Forbidden', message });
  };
  let tell: (pod: V1Pod) => void = () => undefined;
  const deletion = (name: string) => Promise.resolve(void deleted.push(name));
  const target = {
    server: 'https://fake',
    reach: { kubeconfig: '/etc/fake', context: undefined },
    watchPods: (_: string, onEvent: (pod: V1Pod, gone: boolean) => void) => {
      tell = (pod) => onEvent(pod, false);
      return Promise.resolve(() => Promise.resolve());
    },
    createNamespace: (name: string) => {
      if (namespaces !== undefined) refuse(`creating namespace ${name}`, namespaces);
      return Promise.resolve(void created.push(name));
    },
    createRuntimeClass: (name: string) => Promise.resolve(void created.push(name)),
    createPod: (pod: V1Pod) => {
      const name = pod.metadata?.name ?? '';
      if (pods !== undefined) refuse(`creating pod ${name}`, pods);
      created.push(name);
      onPod?.(pod, tell);
      return Promise.resolve();
    },
    deletePod: (_: string, name: string) => deletion(name),
    deleteNamespace: deletion,
    deleteRuntimeClass: deletion,
    namespaceExists: () => Promise.resolve(false),
    node: () =>
      Promise.resolve(nodeIsGone ? undefined : { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
    warnings: () => Promise.resolve([]),
  };
  return { target: target as unknown as KubernetesTarget, created, deleted };
}
