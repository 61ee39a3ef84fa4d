/** One long piece of work that a person is waiting for. */
export interface Step {
  /** Says how far the work is. On a terminal it replaces the line; elsewhere it is printed at most every 15 s. */
  update(detail: string): void;
  done(detail?: string): void;
  fail(detail: string): void;
}

/** Where long work reports what it does, how far it is and how long it took. */
export interface Progress {
  step(title: string): Step;
  /** A line for the reader that belongs to no step. */
  note(line: string): void;
}

/** Says nothing. For callers that have no one waiting. */
export const silent: Progress = {
  step: () => ({ update() {}, done() {}, fail() {} }),
  note() {},
};

/** Minutes and seconds, as people read them: `4 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const quietInterval = 15_000;
const redrawInterval = 1_000;

/**
 * Progress on standard error: standard output belongs to results.
 * On a terminal the running step is redrawn in place every second; in a log each step is a line when it starts, an
 * occasional line while it runs, and a line when it ends.
 */
export function terminalProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const interactive = stream.isTTY && !process.env['NO_COLOR'];
  return {
    note: (line) => void stream.write(`${line}\n`),
    step(title) {
      const started = Date.now();
      let detail = '';
      let lastPrinted = started;
      const draw = () => {
        const text = `  … ${title}${detail && `: ${detail}`} (${duration(Date.now() - started)})`;
        stream.write(`\r\u001b[2K${text.slice(0, (stream.columns || 100) - 1)}`);
      };
      const timer = interactive ? setInterval(draw, redrawInterval).unref() : undefined;
      if (interactive) draw();
      else stream.write(`  … ${title}\n`);
      const end = (mark: string, text: string | undefined) => {
        clearInterval(timer);
        if (interactive) stream.write('\r\u001b[2K');
        stream.write(`  ${mark} ${title}${text ? `: ${text}` : ''} (${duration(Date.now() - started)})\n`);
      };
      return {
        update(next) {
          detail = next;
          if (interactive) draw();
          else if (Date.now() - lastPrinted >= quietInterval) {
            lastPrinted = Date.now();
            stream.write(`  … ${title}: ${detail} (${duration(Date.now() - started)})\n`);
          }
        },
        done: (text) => end('✓', text),
        fail: (text) => end('✗', text),
      };
    },
  };
}
