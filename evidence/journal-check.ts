import { isDeepStrictEqual } from 'node:util';
import type { Run } from '../harness/evidence.ts';
import { sha256 } from './manifest.ts';

/** One event of a journal, with whatever fields its kind has. */
export interface JournalEvent {
  sequence: number;
  event: string;
  previous: string;
  [field: string]: unknown;
}

/** A name that stands twice in an object is one thing to some readers and another to others. */
export const otherSpelling =
  'it is not written as cofferdam writes JSON: a name stands in it twice, or a number is too long';

/** The events of a journal, in order. Throws with the first line at which the chain is broken. */
export function readChain(text: string): JournalEvent[] {
  if (!text.endsWith('\n')) throw new Error('journal.ndjson ends in the middle of a line');
  let previous = '';
  return text
    .slice(0, -1)
    .split('\n')
    .map((line, index) => {
      const number = index + 1;
      const event = parseLine(line, number);
      if (event.sequence !== number) {
        throw new Error(`journal.ndjson, line ${number}: its sequence number is ${String(event.sequence)}`);
      }
      if (event.previous !== previous) {
        throw new Error(`journal.ndjson, line ${number}: it does not follow from the line before it, by its digest`);
      }
      previous = sha256(line);
      return event;
    });
}

function parseLine(line: string, number: number): JournalEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // Told below, with the line.
  }
  if (typeof value !== 'object' || value === null) {
    throw new Error(`journal.ndjson, line ${number}: it is no JSON object`);
  }
  if (JSON.stringify(value) !== line) throw new Error(`journal.ndjson, line ${number}: ${otherSpelling}`);
  return value as JournalEvent;
}

/** The raw logs of a directory, by name without `raw/` and `.log`. Bytes: text would make one of two broken characters. */
export type RawLogs = ReadonlyMap<string, Buffer>;

/** Where journal, raw logs and run.json say different things; empty when they agree. */
export function journalDifferences(events: readonly JournalEvent[], raw: RawLogs, run: Run): string[] {
  const of = (kind: string) => events.filter((one) => one.event === kind);
  const same = (what: string, journal: unknown, stored: unknown) =>
    isDeepStrictEqual(journal, stored) ? [] : [`${what}: run.json says something else than journal.ndjson`];
  const started = of('started')[0]?.['run'];
  const recorded = new Map(of('raw').map((one) => [String(one['name']), one]));
  return [
    ...(started === run.run.id ? [] : [`journal.ndjson is of run ${String(started)}, run.json of run ${run.run.id}`]),
    ...[...recorded].flatMap(([name, { sha256: digest }]) => {
      const log = raw.get(name);
      if (log === undefined) return [`raw/${name}.log is missing: journal.ndjson records it`];
      return sha256(log) === digest ? [] : [`raw/${name}.log is not what journal.ndjson recorded`];
    }),
    ...[...raw.keys()].flatMap((name) =>
      recorded.has(name) ? [] : [`raw/${name}.log was added: journal.ndjson does not record it`],
    ),
    ...containerDifferences(of('container'), run),
    ...same(
      'troubles',
      of('trouble').map(({ what, cause }) => ({ what, cause })),
      run.troubles,
    ),
    ...same('verdicts', of('judged').at(-1)?.['verdicts'] ?? [], run.verdicts),
  ];
}

/** The journal holds each container as run.json does, but for the facts that it was given. */
function containerDifferences(events: readonly JournalEvent[], run: Run): string[] {
  const recorded = events.map(
    ({ sequence: _, time: _time, event: _event, previous: _previous, ...container }) => container,
  );
  if (recorded.length !== run.containers.length) {
    return [`run.json has ${run.containers.length} containers, journal.ndjson has ${recorded.length}`];
  }
  return run.containers.flatMap(({ facts: _, ...container }, index) =>
    isDeepStrictEqual(recorded[index], container)
      ? []
      : [`container ${container.pod}/${container.container}: run.json says something else than journal.ndjson`],
  );
}
