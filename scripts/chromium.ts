import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A Chromium on this machine: `COFFERDAM_CHROMIUM`, or the first of its usual names on the PATH. */
export function findChromium(): string | undefined {
  const named = process.env['COFFERDAM_CHROMIUM'];
  if (named) return named;
  const directories = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => directories.map((directory) => join(directory, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
