import { KubeConfig } from '@kubernetes/client-node';
import type { Cluster } from '@kubernetes/client-node';
import { isDeepStrictEqual } from 'node:util';

type DispatcherOptions = ReturnType<KubeConfig['createDispatcherOptions']>;
type Context = Parameters<KubeConfig['applySecurityAuthentication']>[0];

/**
 * A kubeconfig whose requests share their connections. The library makes a dispatcher, and so a connection and a TLS
 * handshake, for every request (`KubeConfig.createDispatcher`), and undici gives a handshake up after 10 s: too early for
 * the API server of a busy node, which is not lost because it is slow.
 */
export class ConnectedConfig extends KubeConfig {
  readonly #patience: number;
  #options: DispatcherOptions | undefined;
  #kept: { options: DispatcherOptions | undefined; dispatcher: ReturnType<Context['getDispatcher']> } | undefined;

  /** @param patience how long a connection may take, in milliseconds */
  constructor(patience: number) {
    super();
    this.#patience = patience;
  }

  override createDispatcherOptions(
    cluster: Cluster | null,
    agent: Parameters<KubeConfig['createDispatcherOptions']>[1],
  ): DispatcherOptions {
    const options = super.createDispatcherOptions(cluster, agent);
    this.#options =
      options.type === 'agent' ? { ...options, connect: { ...options.connect, timeout: this.#patience } } : options;
    return this.#options;
  }

  override async applySecurityAuthentication(context: Context): Promise<void> {
    await super.applySecurityAuthentication(context);
    // Credentials that a plugin renews are other options: they need another connection.
    if (!this.#kept || !isDeepStrictEqual(this.#kept.options, this.#options))
      this.#kept = { options: this.#options, dispatcher: context.getDispatcher() };
    const { dispatcher } = this.#kept;
    if (dispatcher) context.setDispatcher(dispatcher);
  }
}
