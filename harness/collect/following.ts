import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection } from './collection.ts';
import { parseFrames } from './frame.ts';
import { isOptional } from './manifests/targets.ts';
import type { ClientPod } from '../plan/planned.ts';

/** What a client has tried so far, by its own log. */
export interface ClientProgress {
  /** The last number that was tried. */
  last: number;
  /** How many targets a round has. */
  targets: number;
  /**
   * Since when every target that has to be there was open, if only once: the least of their last numbers that got through,
   * or 0.
   */
  opened: number;
  /** None of the last two tries to any target did. */
  closed: boolean;
}

/** What to wait before a log that broke off is followed again, in milliseconds. */
const again = 1_000;
/** How often a log is looked at, at most: a client may print as it likes, and all of it is read each time. */
const rest = 200;

/**
 * The logs of the clients, followed: what a policy does to the paths is known as soon as a client has printed it. What is
 * known may be behind what a client does, never ahead of it. Something between here and the node may hold a log back, or
 * end it, so that what is waited for in vain is read before it is given up.
 */
export class Following {
  readonly #run: Collection;
  readonly #clients: readonly ClientPod[];
  readonly #logs = new Map<ClientPod, string>();
  readonly #changes = new EventEmitter();
  readonly #end = new AbortController();

  constructor(run: Collection, clients: readonly ClientPod[]) {
    this.#run = run;
    this.#clients = clients;
    for (const client of clients) void this.#follow(client);
  }

  [Symbol.dispose](): void {
    this.#end.abort();
  }

  /** What is known of each client, in their order. */
  states(): ClientProgress[] {
    return this.#clients.map((client) => progressOf(this.#logs.get(client) ?? '', client));
  }

  /** Reads what there is of each client. */
  async read(): Promise<ClientProgress[]> {
    const { target, plan } = this.#run;
    await Promise.all(
      this.#clients.map(async (client) =>
        this.#take(client, await target.log(plan.tenants.client, client.name, 'client')),
      ),
    );
    return this.states();
  }

  /** Waits until it is so for every client, for so many milliseconds at most. Throws when the run is to end. */
  async until(patience: number, so: (state: ClientProgress, index: number) => boolean): Promise<ClientProgress[]> {
    const { signal } = this.#run;
    const waited = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
    while (!waited.aborted) {
      const states = this.states();
      if (states.every(so)) return states;
      // Which of the signals ended it is asked below.
      await once(this.#changes, 'change', { signal: waited }).catch(() => undefined);
      await sleep(rest, undefined, { signal: waited }).catch(() => undefined);
    }
    signal.throwIfAborted();
    return this.read();
  }

  async #follow(client: ClientPod): Promise<void> {
    const { target, plan } = this.#run;
    const signal = AbortSignal.any([this.#run.signal, this.#end.signal]);
    const onText = (soFar: string) => this.#take(client, soFar);
    while (!signal.aborted) {
      // What is wrong with a log is found by whoever reads it.
      await target.followLog(plan.tenants.client, client.name, 'client', { signal, onText }).catch(() => undefined);
      await sleep(again, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One that is followed again begins at its beginning. */
  #take(client: ClientPod, log: string): void {
    if (log.length <= (this.#logs.get(client)?.length ?? 0)) return;
    this.#logs.set(client, log);
    this.#changes.emit('change');
  }
}

/** What a client's log says so far. Its last line may be there in part. */
export function progressOf(log: string, { nonce }: Pick<ClientPod, 'nonce'>): ClientProgress {
  const tries = parseFrames(log, nonce)
    .observations.filter((one) => one.id === 'dial')
    .map((one) => one.value ?? {});
  const targets = Map.groupBy(
    tries.map((one) => ({ target: String(one['target']), seq: Number(one['seq']), open: one['class'] === 'open' })),
    ({ target }) => target,
  );
  const results = [...targets.values()];
  const required = [...targets].flatMap(([target, result]) => (isOptional(target) ? [] : [result]));
  return {
    last: Math.max(0, ...results.flat().map(({ seq }) => seq)),
    targets: targets.size,
    opened: required.length ? Math.min(...required.map((one) => one.findLast(({ open }) => open)?.seq ?? 0)) : 0,
    closed: results.length > 0 && results.every((one) => !one.slice(-2).some(({ open }) => open)),
  };
}
