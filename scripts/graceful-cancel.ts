import type { Reporter, Vitest } from 'vitest/node';

/** One Ctrl-C arrives up to three times: from the terminal, from npm and from whoever started vitest. */
const oneKeystroke = 1_000;

/**
 * Lets tests clean up when they are interrupted. Left alone, vitest ends its process a millisecond after a signal:
 * no hook runs, and whatever a test had started (a cluster, say) stays. A second Ctrl-C still ends at once.
 */
export default class GracefulCancel implements Reporter {
  #cancelled: number | undefined;

  onInit(vitest: Vitest): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.removeAllListeners(signal);
      process.on(signal, () => {
        if (this.#cancelled === undefined) {
          this.#cancelled = Date.now();
          process.stderr.write(`\n${signal}: cancelling the tests, cleaning up (again: end at once) …\n`);
          void vitest.cancelCurrentRun('keyboard-input');
        } else if (Date.now() - this.#cancelled > oneKeystroke) {
          process.exit(130);
        }
      });
    }
  }
}
