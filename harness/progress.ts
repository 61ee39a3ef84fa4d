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

/** Says with everything whose work it is. For work that runs beside other work of the same kind. */
export const named = (name: string, progress: Progress): Progress => ({
  step: (title) => progress.step(`${name}: ${title}`),
  note: (line) => progress.note(`${name}: ${line.trimStart()}`),
});

/** Minutes and seconds, as people read them: `4 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const quietInterval = 15_000;
const redrawInterval = 1_000;
/** A log in which nothing comes for longer looks like one of something that hangs. */
const silenceInterval = 60_000;

/** A step that runs. */
interface Running {
  title: string;
  detail: string;
  started: number;
  lastPrinted: number;
}

/**
 * Progress on standard error: standard output belongs to results.
 * On a terminal one line shows what runs and is redrawn in place every second; in a log each step is a line when it starts,
 * an occasional line while it runs, one a minute at least, and a line when it ends.
 */
export function terminalProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const interactive = stream.isTTY && !process.env['NO_COLOR'];
  const running = new Set<Running>();
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    const texts = [...running].map((step) => `${describe(step)} (${duration(Date.now() - step.started)})`);
    stream.write(`\r\u001b[2K${`  … ${texts.join(' · ')}`.slice(0, (stream.columns || 100) - 1)}`);
  };
  const remind = () => {
    for (const step of running) if (Date.now() - step.lastPrinted >= silenceInterval) print(step);
  };
  /** A whole line, above the one that is redrawn. */
  const line = (text: string) => {
    stream.write(interactive && running.size > 0 ? `\r\u001b[2K${text}\n` : `${text}\n`);
    if (interactive && running.size > 0) draw();
  };
  const print = (step: Running) => {
    step.lastPrinted = Date.now();
    line(`  … ${describe(step)} (${duration(step.lastPrinted - step.started)})`);
  };
  return {
    note: line,
    step(title) {
      const started = Date.now();
      const step: Running = { title, detail: '', started, lastPrinted: started };
      running.add(step);
      if (interactive) draw();
      else line(`  … ${title}`);
      timer ??= setInterval(interactive ? draw : remind, redrawInterval).unref();
      const end = (mark: string, text: string | undefined) => {
        if (interactive) stream.write('\r\u001b[2K');
        running.delete(step);
        line(`  ${mark} ${title}${text ? `: ${text}` : ''} (${duration(Date.now() - step.started)})`);
        if (running.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
      return {
        update(detail) {
          step.detail = detail;
          if (interactive) draw();
          else if (Date.now() - step.lastPrinted >= quietInterval) print(step);
        },
        done: (text) => end('✓', text),
        fail: (text) => end('✗', text),
      };
    },
  };
}

const describe = ({ title, detail }: Running): string => (detail ? `${title}: ${detail}` : title);
