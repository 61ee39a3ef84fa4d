import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The append-only record of a run, written as things happen, so that a killed run leaves what it saw. Each line carries
 * the digest of the one before it: a line that is taken out or changed shows.
 */
export class Journal {
  readonly directory: string;
  readonly #file: string;
  #sequence = 0;
  #previous = '';

  /** Creates the directory with `raw/` in it. */
  constructor(directory: string) {
    this.directory = directory;
    this.#file = join(directory, 'journal.ndjson');
    mkdirSync(join(directory, 'raw'), { recursive: true });
    writeFileSync(this.#file, '');
  }

  /** Appends an event. Synchronous on purpose: what is recorded is on disk before the next thing happens. */
  record(event: string, fields: Record<string, unknown> = {}): void {
    const line = JSON.stringify({
      sequence: ++this.#sequence,
      time: new Date().toISOString(),
      event,
      previous: this.#previous,
      ...fields,
    });
    this.#previous = createHash('sha256').update(line).digest('hex');
    appendFileSync(this.#file, `${line}\n`);
  }

  /** Keeps a container's output as it came, and records its digest. */
  raw(name: string, log: string): void {
    writeFileSync(join(this.directory, 'raw', `${name}.log`), log);
    this.record('raw', { name, bytes: Buffer.byteLength(log), sha256: createHash('sha256').update(log).digest('hex') });
  }
}
