import type { Oracle, Outcome } from '../outcome.ts';
import { isCut, withoutValue } from '../outcome.ts';
import { notInTheReference } from './reference.ts';

/**
 * What stands in the environment of a container that asks for nothing: the image's PATH; HOSTNAME and TERM, which engines
 * give (containerd `internal/cri/server/container_create.go`, CRI-O `server/container_create.go`, the latter with TZ and
 * NSS_SDB_USE_CACHE); HOME, which the runtime sets (runc `libcontainer/init_linux.go`); `container`, as systemd wants it
 * (systemd.io/CONTAINER_INTERFACE); and the addresses of the cluster's API server, which the kubelet gives to every pod,
 * with links to services or without (`pkg/kubelet/kubelet_pods.go`, getServiceEnvVarMap).
 */
const everyContainers = /^(PATH|HOME|HOSTNAME|TERM|TZ|container|NSS_SDB_USE_CACHE)$/;

/**
 * Of the service `kubernetes`, as `k8s.io/kubernetes/pkg/kubelet/envvars` names them: host and ports, and each port as
 * Docker's links did.
 */
const apiServers = /^KUBERNETES_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/;

/** What administrators have an engine give to every container (CRI-O's `default_env`): where to reach the outside. */
const proxies = /^(https?|ftp|all|no)_proxy$/i;

/** Names that a container was given and that neither its pod, its image, Kubernetes nor the engine accounts for. */
const strange = (names: readonly string[], added: readonly string[]): string[] =>
  names.filter(
    (name) => ![everyContainers, apiServers, proxies].some((names) => names.test(name)) && !added.includes(name),
  );

const namesOf = (value: Record<string, unknown> | undefined): string[] | undefined =>
  Array.isArray(value?.['names']) ? value['names'].map(String) : undefined;

/** The container was started with variables of somebody else's, by their names. */
export const variablesOfOthers = (): Oracle => ({
  crossedWhen:
    'the environment has a variable in it that neither the pod, its image, Kubernetes nor the container engine puts there, and the same pod under the reference handler does not have',
  needsWitness: false,
  comparesWithReference: true,
  truths: () => [],
  decide({ observation, facts, reference }): Outcome {
    const failed = withoutValue(observation);
    if (failed) return failed;
    const names = namesOf(observation.value);
    if (!names) return { kind: 'undecided', why: 'which variables it has is not known' };
    const added = facts['environment.added'];
    const found = strange(
      names,
      String(added ?? '')
        .split(' ')
        .filter(Boolean),
    );
    if (found.length === 0) {
      return isCut(observation.value)
        ? { kind: 'undecided', why: 'it has more variables than a line of the probe can hold' }
        : { kind: 'absent', seen: 'it has no variables of others' };
    }
    const own = notInTheReference(found, reference, namesOf);
    if (!own)
      return {
        kind: 'undecided',
        why: `it has ${inWords(found)}, and which the pod under the reference handler has is not known`,
      };
    if (own.length === 0)
      return {
        kind: 'absent',
        seen: `no difference: the pod under the reference handler has ${inWords(found)}, too`,
      };
    return reference && added === undefined
      ? {
          kind: 'undecided',
          why: `it has ${inWords(own)}, and whether that is in the pod's specification is not known`,
        }
      : { kind: 'reached', seen: `it has ${inWords(own)}, which nobody gave to the pod` };
  },
});

const inWords = (names: readonly string[]): string =>
  names.length === 1
    ? `the variable ${names[0] || '(without a name)'}`
    : `${names.length} variables, ${names[0] || '(one without a name)'} for one`;
