import { Watch } from '@kubernetes/client-node';
import type { KubeConfig } from '@kubernetes/client-node';

/** How long the API server may say nothing to a watch, in milliseconds: with bookmarks, it says something about once a minute. */
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

  override watch(path: string, query: Parameters<Watch['watch']>[1], ...to: Callbacks): Promise<AbortController> {
    return super.watch(path, { ...query, allowWatchBookmarks: true }, ...to);
  }
}

type Callbacks = Parameters<Watch['watch']> extends [unknown, unknown, ...infer Rest] ? Rest : never;
