import type { V1Container, V1Pod } from '@kubernetes/client-node';

/**
 * The variables that a cluster's admission gave a container beside those that were asked for, by their names: they are in its
 * specification, so no runtime is to blame for them. Undefined where they are not known: the pod was not seen, or takes them from
 * an object whole.
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

const containerOf = (pod: V1Pod | undefined, container: string): V1Container | undefined =>
  pod?.spec?.containers.find(({ name }) => name === container);

const namesOf = (pod: V1Pod | undefined, container: string): string[] =>
  (containerOf(pod, container)?.env ?? []).map(({ name }) => name);

const mountsOf = (container: V1Container | undefined): string[] =>
  (container?.volumeMounts ?? []).map(({ mountPath }) => mountPath);
