import {
  AuthorizationV1Api,
  CoreV1Api,
  ListWatch,
  NetworkingV1Api,
  NodeV1Api,
  PatchStrategy,
  ServerConfiguration,
  VersionApi,
  createConfiguration,
  IsomorphicFetchHttpLibrary,
  setHeaderOptions,
} from '@kubernetes/client-node';
import type { HttpLibrary, KubeConfig, V1NetworkPolicy, V1Node, V1Pod, V1RuntimeClass } from '@kubernetes/client-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { logLimit } from '../log-limit.ts';
import { managedBy, runLabel } from '../labels.ts';
import { UsageError } from '../usage.ts';
import { ConnectedConfig } from './connections.ts';
import { boundedLog } from './bounded.ts';
import { TargetError, apiFailure } from './errors.ts';
import { LastingWatch } from './watch.ts';

/** How to reach a cluster, as kubectl takes it. */
export interface Reach {
  kubeconfig?: string | undefined;
  context?: string | undefined;
}

/** A right that a run needs, or can do without at a price. */
export interface Right {
  verb: string;
  resource: string;
  group?: string;
  subresource?: string;
}

/** How long an API request may take, in milliseconds. */
const requestTimeout = 60_000;

/** The kubeconfig in words: the one that was named, or where one is looked for. */
const nameOf = (kubeconfig: string | undefined): string =>
  kubeconfig ?? `(${process.env['KUBECONFIG'] ? '$KUBECONFIG' : "~/.kube/config, or the pod's own"})`;

/** Where there is no kubeconfig at all, the library makes one up that leads to port 8080 of this machine. */
const isInvented = (config: KubeConfig): boolean =>
  config.getCurrentContext() === 'loaded-context' && config.getCurrentCluster()?.server === 'http://localhost:8080';

/** Why a kubeconfig leads to no cluster. */
function withoutCluster(config: KubeConfig): string {
  const context = config.getCurrentContext();
  const contexts = config.getContexts();
  const has = `it has: ${contexts.map((one) => one.name).join(', ') || 'none'}`;
  if (!context) return `it names no current context; choose one with --context (${has})`;
  const found = contexts.find((one) => one.name === context);
  return found
    ? `its context ${context} is of cluster ${found.cluster}, which it does not have`
    : `it has no context ${context} (${has})`;
}

/** `AbortSignal.timeout`, whose reason does not say how long it was. */
function unansweredFor(milliseconds: number): AbortSignal {
  const deadline = new AbortController();
  setTimeout(() => deadline.abort(new Error(`no answer within ${milliseconds / 1000} s`)), milliseconds).unref();
  return deadline.signal;
}

const noApiServer = 'what answered is not the API server of a cluster';

/** The items of a list. The library makes an object without any of whatever answers, a proxy's page say. */
function itemsOf<T>(list: { items?: T[] } | null): T[] {
  if (!Array.isArray(list?.items)) throw new Error(noApiServer);
  return list.items;
}

/** A Kubernetes cluster, through its API server alone. Every method throws a `TargetError` that says what was tried. */
export class KubernetesTarget {
  /** Requests sent, by verb and resource. */
  readonly requests: Record<string, number> = {};
  /** The API server's clock minus this machine's in seconds, from the last answer. */
  clockOffset: number | undefined;
  /** How the user has it reached. */
  readonly reach: Reach;
  /** Where the API server is, for messages. */
  readonly server: string;
  readonly #config = new ConnectedConfig(requestTimeout);
  readonly #core: CoreV1Api;
  readonly #networking: NetworkingV1Api;
  readonly #node: NodeV1Api;
  readonly #authorization: AuthorizationV1Api;
  readonly #version: VersionApi;

  constructor({ kubeconfig, context }: Reach) {
    this.reach = { kubeconfig, context };
    try {
      if (kubeconfig) this.#config.loadFromFile(kubeconfig);
      else this.#config.loadFromDefault();
      if (!kubeconfig && isInvented(this.#config)) throw new Error('there is none');
      if (context) this.#config.setCurrentContext(context);
    } catch (error) {
      throw new UsageError(`reading the kubeconfig ${nameOf(kubeconfig)}: ${apiFailure(error).message}`);
    }
    const cluster = this.#config.getCurrentCluster();
    if (!cluster) throw new UsageError(`reading the kubeconfig ${nameOf(kubeconfig)}: ${withoutCluster(this.#config)}`);
    this.server = cluster.server;
    const configuration = createConfiguration({
      baseServer: new ServerConfiguration(cluster.server, {}),
      authMethods: { default: this.#config },
      httpApi: this.#counting(),
    });
    this.#core = new CoreV1Api(configuration);
    this.#networking = new NetworkingV1Api(configuration);
    this.#node = new NodeV1Api(configuration);
    this.#authorization = new AuthorizationV1Api(configuration);
    this.#version = new VersionApi(configuration);
  }

  /**
   * Counts every request, gives it a deadline, and learns the server's clock from its answers. One that is followed has
   * whoever follows it to end it.
   */
  #counting(followed?: { signal: AbortSignal; onText: (soFar: string) => void }): HttpLibrary {
    const library = new IsomorphicFetchHttpLibrary();
    return {
      send: (request) => {
        const url = new URL(request.getUrl());
        this.#count(request.getHttpMethod(), url.pathname);
        request.setSignal(followed?.signal ?? unansweredFor(requestTimeout));
        return library.send(request).pipe((response) => {
          const date = Date.parse(response.headers['date'] ?? '');
          if (Number.isFinite(date)) this.clockOffset = Math.round((date - Date.now()) / 1000);
          return url.pathname.endsWith('/log') ? boundedLog(response, followed?.onText) : response;
        });
      },
    };
  }

  #count(method: string, path: string): void {
    const resource =
      /\/(namespaces|pods|nodes|runtimeclasses|networkpolicies|events|selfsubjectaccessreviews|version)(?:\/[^/]+)?(?:\/(log|status))?$/.exec(
        path,
      );
    const key = `${method.toLowerCase()} ${resource ? [resource[1], resource[2]].filter(Boolean).join('/') : path.slice(path.lastIndexOf('/') + 1)}`;
    this.requests[key] = (this.requests[key] ?? 0) + 1;
  }

  async #call<T>(doing: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw new TargetError(doing, apiFailure(error));
    }
  }

  version = (): Promise<string> =>
    this.#call(`asking ${this.server} for its version`, async () => {
      const version = (await this.#version.getCode()) as { gitVersion?: string } | null;
      if (typeof version?.gitVersion !== 'string') throw new Error(noApiServer);
      return version.gitVersion;
    });

  nodes = (selector?: string): Promise<V1Node[]> =>
    this.#call(`listing nodes${selector ? ` with ${selector}` : ''}`, async () =>
      itemsOf(await this.#core.listNode(selector ? { labelSelector: selector } : {})),
    );

  /**
   * One node, or nothing when it is gone. Found by its name, because the label of the host's name differs from it on some
   * clouds.
   */
  node = (name: string): Promise<V1Node | undefined> =>
    this.#call(`looking for node ${name}`, async () =>
      itemsOf(await this.#core.listNode({ fieldSelector: `metadata.name=${name}` })).find(
        (one) => one.metadata?.name === name,
      ),
    );

  runtimeClasses = (): Promise<V1RuntimeClass[]> =>
    this.#call('listing RuntimeClasses', async () => itemsOf(await this.#node.listRuntimeClass()));

  /** The UID of kube-system: what tells one cluster from another. */
  clusterUid = (): Promise<string | undefined> =>
    this.#call(
      'reading namespace kube-system',
      async () => (await this.#core.readNamespace({ name: 'kube-system' })).metadata?.uid,
    );

  /** Asks the API server whether this user may. */
  may = ({ verb, resource, group, subresource }: Right): Promise<boolean> =>
    this.#call(`asking whether I may ${verb} ${resource}`, async () => {
      const resourceAttributes = { verb, resource, group: group ?? '', ...(subresource && { subresource }) };
      const review = await this.#authorization.createSelfSubjectAccessReview({
        body: { spec: { resourceAttributes } },
      });
      return review.status?.allowed === true;
    });

  createNamespace = (name: string, labels: Record<string, string>): Promise<void> =>
    this.#call(
      `creating namespace ${name}`,
      async () => void (await this.#core.createNamespace({ body: { metadata: { name, labels } } })),
    );

  /** Deletes a namespace with all that is in it. One that is gone is as good as deleted. */
  deleteNamespace = (name: string): Promise<void> =>
    this.#gone(`deleting namespace ${name}`, () => this.#core.deleteNamespace({ name }));

  namespaceExists = (name: string): Promise<boolean> =>
    this.#call(`reading namespace ${name}`, async () => {
      try {
        await this.#core.readNamespace({ name });
        return true;
      } catch (error) {
        if (apiFailure(error).status === 404) return false;
        throw error;
      }
    });

  /** Namespaces that a run (or any run) left, with the run's id. */
  leftovers = (runId?: string): Promise<{ name: string; runId: string }[]> =>
    this.#call('looking for namespaces of earlier runs', async () => {
      const found = await this.#core.listNamespace({ labelSelector: selectorOf(runId) });
      return itemsOf(found).map(({ metadata }) => ({
        name: metadata?.name ?? '',
        runId: metadata?.labels?.[runLabel] ?? '',
      }));
    });

  createPod = (pod: V1Pod): Promise<void> =>
    this.#call(`creating pod ${pod.metadata?.namespace ?? 'unknown'}/${pod.metadata?.name ?? 'unknown'}`, async () => {
      await this.#core.createNamespacedPod({ namespace: pod.metadata?.namespace ?? '', body: pod });
    });

  deletePod = (namespace: string, name: string): Promise<void> =>
    this.#gone(`deleting pod ${namespace}/${name}`, () => this.#core.deleteNamespacedPod({ namespace, name }));

  /**
   * Ends a running pod but keeps it, with its log: a deadline that has passed makes the kubelet send SIGTERM, while the pod
   * stays readable. Deleting it would take the log away with it.
   */
  endPod = (namespace: string, name: string): Promise<void> =>
    this.#call(`ending pod ${namespace}/${name}`, async () => {
      const body = { spec: { activeDeadlineSeconds: 1 } };
      await this.#core.patchNamespacedPod(
        { namespace, name, body },
        setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
      );
    });

  log = (namespace: string, name: string, container: string): Promise<string> =>
    this.#call(`reading the log of ${namespace}/${name} ${container}`, () =>
      this.#core.readNamespacedPodLog({ namespace, name, container, limitBytes: logLimit }),
    );

  /**
   * Follows a container's log from its beginning, until the container ends, the connection does, or `signal` ends it, with an
   * error. `onText` gets all that there is so far, each time that something came.
   */
  followLog = (
    namespace: string,
    name: string,
    container: string,
    followed: { signal: AbortSignal; onText: (soFar: string) => void },
  ): Promise<void> =>
    this.#call(`following the log of ${namespace}/${name} ${container}`, async () => {
      const request = { namespace, name, container, follow: true, limitBytes: logLimit };
      await this.#core.readNamespacedPodLog(request, { httpApi: this.#counting(followed) });
    });

  /** Messages of the warning events about a pod, oldest first. */
  warnings = (namespace: string, name: string): Promise<string[]> =>
    this.#call(`reading the events of ${namespace}/${name}`, async () => {
      const fieldSelector = `involvedObject.name=${name},type=Warning`;
      const events = await this.#core.listNamespacedEvent({ namespace, fieldSelector });
      return itemsOf(events)
        .map((event) => event.message ?? event.reason ?? '')
        .filter(Boolean);
    });

  createNetworkPolicy = (policy: V1NetworkPolicy): Promise<void> =>
    this.#call(`creating NetworkPolicy ${policy.metadata?.name ?? 'unknown'}`, async () => {
      await this.#networking.createNamespacedNetworkPolicy({
        namespace: policy.metadata?.namespace ?? '',
        body: policy,
      });
    });

  deleteNetworkPolicy = (policy: V1NetworkPolicy): Promise<void> =>
    this.#gone(`deleting NetworkPolicy ${policy.metadata?.name ?? 'unknown'}`, () =>
      this.#networking.deleteNamespacedNetworkPolicy({
        namespace: policy.metadata?.namespace ?? '',
        name: policy.metadata?.name ?? '',
      }),
    );

  createRuntimeClass = (name: string, handler: string, labels: Record<string, string>): Promise<void> =>
    this.#call(`creating RuntimeClass ${name}`, async () => {
      await this.#node.createRuntimeClass({ body: { metadata: { name, labels }, handler } });
    });

  deleteRuntimeClass = (name: string): Promise<void> =>
    this.#gone(`deleting RuntimeClass ${name}`, () => this.#node.deleteRuntimeClass({ name }));

  /** RuntimeClasses that a run (or any run) left. */
  leftoverRuntimeClasses = (runId?: string): Promise<string[]> =>
    this.#call('looking for RuntimeClasses of earlier runs', async () =>
      itemsOf(await this.#node.listRuntimeClass({ labelSelector: selectorOf(runId) })).map(
        (one) => one.metadata?.name ?? '',
      ),
    );

  async #gone(doing: string, request: () => Promise<unknown>): Promise<void> {
    await this.#call(doing, async () => {
      try {
        await request();
      } catch (error) {
        if (apiFailure(error).status !== 404) throw error;
      }
    });
  }

  /**
   * One watch over all pods of a run. `onLost` is called when the API server has not answered for `patience`
   * milliseconds; until then the watch starts again by itself. Returns what stops it.
   */
  async watchPods(
    runId: string,
    onPod: (pod: V1Pod, deleted: boolean) => void,
    onLost: (cause: string) => void,
    patience: number,
  ): Promise<() => Promise<void>> {
    const labelSelector = selectorOf(runId);
    const listPods = () => this.#core.listPodForAllNamespaces({ labelSelector });
    const watch = new LastingWatch(this.#config);
    const informer = new ListWatch<V1Pod>('/api/v1/pods', watch, listPods, false, labelSelector);
    let stopped = false;
    let lostSince: number | undefined;
    informer.on('change', (pod) => onPod(pod, false));
    informer.on('delete', (pod) => onPod(pod, true));
    informer.on('connect', () => this.#count('WATCH', '/api/v1/pods'));
    informer.on('error', (error) => {
      if (stopped) return; // stopping aborts the connection, which is reported as an error
      lostSince ??= Date.now();
      const { message } = apiFailure(error);
      if (Date.now() - lostSince > patience) return onLost(`the API server at ${this.server} was lost: ${message}`);
      // The library's informer stops at the first error, by design: starting it again is the caller's.
      void sleep(1000).then(restart);
    });
    const restart = async (): Promise<void> => {
      if (stopped) return;
      // A watch that connects says nothing until a pod changes: ask something that answers.
      if (
        await this.version().then(
          () => true,
          () => false,
        )
      )
        lostSince = undefined;
      await informer.start();
    };
    await informer.start();
    return async () => {
      stopped = true;
      await informer.stop();
    };
  }
}

const selectorOf = (runId?: string): string =>
  [
    ...Object.entries(managedBy).map(([name, value]) => `${name}=${value}`),
    runId === undefined ? runLabel : `${runLabel}=${runId}`,
  ].join(',');
