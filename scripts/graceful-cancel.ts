import type { Reporter, Vitest } from 'vitest/node';

/**
 * Lets tests clean up when they are interrupted. Left alone, vitest ends its process a millisecond after a signal:
 * no hook runs, and whatever a test had started (a cluster, say) stays. The second signal still ends at once.
 */
export default class GracefulCancel implements Reporter {
  onInit(vitest: Vitest): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.removeAllListeners(signal);
      process.once(signal, () => {
        process.stderr.write(`\n${signal}: cancelling the tests, cleaning up …\n`);
        process.exitCode = signal === 'SIGINT' ? 130 : 143;
        void vitest.cancelCurrentRun('keyboard-input');
      });
    }
  }
}
