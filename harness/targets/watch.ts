import { Watch } from '@kubernetes/client-node';
import type { KubeConfig } from '@kubernetes/client-node';

/**
 * How long the API server may say nothing to a watch, in milliseconds: with bookmarks, it says something about once a
 * minute.
 */
const silence = 100_000;

/**
 * A watch that lasts while nothing changes. The library's is given up after 30 s without a word and asked for again: pods that
 * take their time would cost two requests a minute.
 */
export class LastingWatch extends Watch {
  constructor(config: KubeConfig) {
    super(config);
    // The library keeps it to itself, and has no option for it.
    Object.assign(this, { requestTimeoutMs: silence });
  }

  /**
   * What fails before the request is sent, such as a credential plugin, ends the watch like any other error: nobody awaits
   * it.
   */
  override async watch(path: string, query: Query, onEvent: OnEvent, onDone: OnDone): Promise<AbortController> {
    try {
      return await super.watch(path, { ...query, allowWatchBookmarks: true }, onEvent, onDone);
    } catch (error) {
      onDone(error);
      return new AbortController();
    }
  }
}

type Query = Parameters<Watch['watch']>[1];
type OnEvent = Parameters<Watch['watch']>[2];
type OnDone = Parameters<Watch['watch']>[3];
