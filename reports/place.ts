import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { isDirectory, isFile } from '../harness/store.ts';
import { UsageError } from '../harness/usage.ts';
import { formats } from './formats.ts';
import type { Format } from './formats.ts';

/** A report that somebody asked for: `junit`, or `junit=path/of/the/file.xml`. */
export interface ReportRequest {
  format: Format;
  /** Where to write it, when not into the directory of the run. */
  path?: string;
}

/** A report and the file that it goes to. */
export interface PlacedReport {
  format: Format;
  file: string;
}

/** Reads `NAME[=PATH]`. Throws a `UsageError` that says which names there are. */
export function parseRequest(text: string): ReportRequest {
  return requestOf(text, formats);
}

/** The same, where other reports can be asked for. */
export function requestOf<F>(text: string, formats: Readonly<Record<string, F>>): { format: F; path?: string } {
  const [name = '', ...rest] = text.split('=');
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (!format) throw new UsageError(`there is no report ${name || '""'}; there are ${Object.keys(formats).join(', ')}`);
  if (rest.length === 0) return { format };
  const path = rest.join('=');
  if (path === '') throw new UsageError(`--report ${text} names no file after =`);
  return { format, path };
}

/**
 * Where the reports of a run in `directory` go: those asked for, or else the standard ones. Looks at the file system and
 * changes nothing. Throws a `UsageError` for a place that cannot be, so that nobody learns of it after a run.
 */
export function placeReports(requests: readonly ReportRequest[], directory: string): PlacedReport[] {
  const wanted = requests.length > 0 ? requests : Object.values(formats).flatMap(standard);
  const placed = wanted.map(({ format, path }) => ({
    format,
    file: path === undefined ? join(directory, format.fileName) : resolve(path),
  }));
  refusePlaces(
    placed.map(({ file }) => file),
    [directory],
    directory,
  );
  return placed;
}

/**
 * Looks whether these files can be written without harm to the runs in these directories, and to any that is sealed. Changes
 * nothing. Throws a `UsageError` for a place that cannot be. Into `own` reports belong, sealed or not.
 */
export function refusePlaces(files: readonly string[], directories: readonly string[], own?: string): void {
  files.forEach((file, index) => {
    if (files.indexOf(file) < index) throw new UsageError(`two reports would go to ${file}`);
    for (const directory of directories) refuseEvidence(file, directory);
    refuseSealed(file, own);
    refuseDirectories(file);
  });
}

const standard = (format: Format): ReportRequest[] => (format.standard ? [{ format }] : []);

/** What a run recorded, and what seals it. */
const evidence = /^(?:run\.json|journal\.ndjson|raw|manifest\.json|attestation\..*|comparison(?:-pair)?\.json)$/;

/** It is never written over. */
function refuseEvidence(file: string, directory: string): void {
  const [first = ''] = relative(directory, file).split(sep);
  if (evidence.test(first)) throw new UsageError(`a report cannot go to ${file}: that is where the run's evidence is`);
}

/** A file more would break the seal of a run that it is no part of. */
function refuseSealed(file: string, own: string | undefined): void {
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    if (directory === own) return;
    if (['run.json', 'manifest.json'].every((name) => isFile(join(directory, name))))
      throw new UsageError(
        `a report cannot go to ${file}: ${directory} is sealed, and a file more would break the seal`,
      );
    if (directory === dirname(directory)) return;
  }
}

function refuseDirectories(file: string): void {
  if (isDirectory(file)) throw new UsageError(`a report cannot go to ${file}: that is a directory`);
  let parent = dirname(file);
  while (!existsSync(parent)) parent = dirname(parent);
  if (!isDirectory(parent)) throw new UsageError(`a report cannot go to ${file}: ${parent} is not a directory`);
  try {
    accessSync(parent, constants.W_OK);
  } catch {
    throw new UsageError(`a report cannot go to ${file}: this user may not write into ${parent}`);
  }
}
