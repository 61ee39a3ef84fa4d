import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRun } from './evidence.ts';
import type { Run } from './evidence.ts';

/** Reads and checks the run in a directory. Throws with what is wrong and where. */
export function readRun(directory: string): Run {
  const file = join(directory, 'run.json');
  let text: string;
  try {
    text = readRegular(file).toString('utf8');
  } catch (error) {
    throw new Error(`${directory} holds no run: ${(error as Error).message}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`);
  }
  try {
    return parseRun(json);
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

/** The content of a file of a run. Throws on what is no file: reading a pipe that somebody put there would never end. */
export function readRegular(file: string): Buffer {
  if (!isFile(file) && existsSync(file)) throw new Error(`${file} is not a regular file`);
  return readFileSync(file);
}

export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

export const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Writes the run, checked against its own schema first: what is written can be read. */
export function writeRun(directory: string, run: Run): void {
  writeFileWhole(join(directory, 'run.json'), `${JSON.stringify(parseRun(run), undefined, 1)}\n`);
}

/** Under another name first, synced, then renamed: a reader never sees half a file. */
export function writeFileWhole(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.${process.pid}.tmp`;
  const descriptor = openSync(temporary, 'w');
  writeFileSync(descriptor, content);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(temporary, file);
}
