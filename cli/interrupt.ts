import { complain } from './output.ts';

/** Signals that come closer together than this are one, in milliseconds. */
const oneSignal = 500;

/** The user wanted an end, and what was going on has stopped. */
export class Interruption extends Error {
  override name = 'Interruption';
}

/**
 * The first Ctrl-C (or SIGTERM, or SIGHUP) aborts the signal: the run stops, judges what it saw and cleans up. The second
 * leaves at once, and says how to clean up later: `later` is a command, where there is something to be cleaned up by then.
 */
export function interruptible(later: () => string | undefined): { signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  let first = 0;
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      // A terminal signals the whole process group, and a launcher passes on what it got: that is one Ctrl-C, twice.
      if (performance.now() - first < oneSignal) return;
      const command = later();
      complain(`left without cleaning up (second ${name})`, command && `Run: ${command}`);
      process.exit(3);
    }
    first = performance.now();
    complain(`${name}: stopping, then cleaning up and writing what was seen. Once more leaves at once.`);
    controller.abort(new Interruption(`interrupted by ${name}`));
  };
  const names: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    dispose: () => names.forEach((name) => process.removeListener(name, onSignal)),
  };
}
