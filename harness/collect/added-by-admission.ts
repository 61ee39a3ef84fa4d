import type { V1Container, V1Pod } from '@kubernetes/client-node';
// The package has it for its own use (how much a node is asked for), and exports it from no other place.
import { quantityToScalar } from '@kubernetes/client-node/dist/util.js';
import type { Facts } from '../attempt.ts';

/**
 * The variables that a cluster's admission gave a container beside those that were asked for, by their names: they are in
 * its specification, so no runtime is to blame for them. Undefined where they are not known: the pod was not seen, or takes
 * them from an object whole.
 */
export function addedVariables(asked: V1Pod, stored: V1Pod | undefined, container: string): string[] | undefined {
  const own = namesOf(asked, container);
  const found = containerOf(stored, container);
  if (!found || found.envFrom?.length) return undefined;
  return namesOf(stored, container).filter((name) => !own.includes(name));
}

/** The same of where volumes are mounted. Undefined where the pod was not seen. */
export function addedMounts(asked: V1Pod, stored: V1Pod | undefined, container: string): string[] | undefined {
  const own = mountsOf(containerOf(asked, container));
  const found = containerOf(stored, container);
  return found && mountsOf(found).filter((path) => !own.includes(path));
}

/**
 * The directories of the node that a pod has as volumes: those that were asked for, and what a cluster's admission gave it
 * besides.
 */
export const hostPaths = (asked: V1Pod, stored: V1Pod | undefined): string[] => [
  ...new Set(
    [asked, stored]
      .flatMap((pod) => pod?.spec?.volumes ?? [])
      .flatMap(({ hostPath }) => (hostPath ? [hostPath.path] : [])),
  ),
];

/**
 * What a cluster's admission made of a container's limits, as facts: `limits.memory` in bytes and `limits.cpu` in
 * processors where they are others than were asked for, `none` where it took them away; and `pod.spared` where the kubelet
 * has the kernel spare the pod for what it became (pkg/kubelet/qos/policy.go).
 */
export function changedLimits(asked: V1Pod, stored: V1Pod | undefined, container: string): Facts {
  const found = containerOf(stored, container);
  if (!found) return {};
  const own = containerOf(asked, container)?.resources?.limits;
  const changed = (['memory', 'cpu'] as const).flatMap((of) => {
    const [before, now] = [amountOf(own?.[of]), amountOf(found.resources?.limits?.[of])];
    return before === now ? [] : [[`limits.${of}`, now] as const];
  });
  const spared = stored?.status?.qosClass === 'Guaranteed' ? 'the requests are the limits (Guaranteed)' : undefined;
  return { ...Object.fromEntries(changed), ...(spared !== undefined && { 'pod.spared': spared }) };
}

const amountOf = (quantity: string | undefined): number | 'none' =>
  quantity === undefined ? 'none' : Number(quantityToScalar(quantity));

const containerOf = (pod: V1Pod | undefined, container: string): V1Container | undefined =>
  pod?.spec?.containers.find(({ name }) => name === container);

const namesOf = (pod: V1Pod | undefined, container: string): string[] =>
  (containerOf(pod, container)?.env ?? []).map(({ name }) => name);

const mountsOf = (container: V1Container | undefined): string[] =>
  (container?.volumeMounts ?? []).map(({ mountPath }) => mountPath);
