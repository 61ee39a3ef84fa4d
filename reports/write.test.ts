import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formats } from './formats.ts';
import type { Format } from './formats.ts';
import { parseRequest, placeReports } from './place.ts';
import { fakeClusterRun, fakeDetails, fakeRun, fakeVerdict } from './testing.ts';
import { writeReports } from './write.ts';

const scratch = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'cofferdam-reports-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
};
const run = fakeRun([fakeVerdict()]);
const standard = Object.values(formats).filter((format) => format.standard);

describe('writing', () => {
  it('puts the standard reports beside run.json, as they are rendered', async () => {
    const directory = scratch();
    await writeReports(placeReports([], directory), run, fakeDetails);
    expect(readdirSync(directory).sort()).toEqual(standard.map((format) => format.fileName).sort());
    for (const { fileName, render } of standard)
      expect(readFileSync(join(directory, fileName), 'utf8')).toBe(render(run, fakeDetails));
  });
  it('puts only what was asked for, where it was asked for', async () => {
    const directory = scratch();
    const file = join(directory, 'a', 'b=c.xml');
    await writeReports(placeReports([parseRequest(`junit=${file}`)], directory), run, fakeDetails);
    expect(readdirSync(directory)).toEqual(['a']);
    expect(existsSync(file)).toBe(true);
  });
  it('reads the files back', async () => {
    const lying: Format = { ...formats['junit']!, render: () => formats['junit']!.render(fakeRun([]), fakeDetails) };
    const writing = writeReports([{ format: lying, file: join(scratch(), 'junit.xml') }], run, fakeDetails);
    await expect(writing).rejects.toThrow(/junit.xml does not say what run.json says/);
  });
  it('writes nothing when one of them cannot be rendered', async () => {
    const directory = scratch();
    const failing: Format = {
      ...formats['junit']!,
      render: () => {
        throw new Error('cannot');
      },
    };
    const reports = [...placeReports([], directory), { format: failing, file: join(directory, 'failing') }];
    await expect(writeReports(reports, run, fakeDetails)).rejects.toThrow('cannot');
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe.each(Object.entries(formats))('%s', (_, { render, check }) => {
  const cluster = fakeClusterRun([...fakeDetails.keys(), 'host-devices/node-disk-cannot-be-opened']);

  it('passes its own check, and is the same every time', () => {
    const text = render(cluster, fakeDetails);
    expect(() => check(text, cluster)).not.toThrow();
    expect(render(cluster, fakeDetails)).toBe(text);
  });
  it('does not pass as the report of another run', () => {
    expect(() => check(render(cluster, fakeDetails), run)).toThrow();
  });
});

describe('a request', () => {
  it('names a format, and perhaps a file', () => {
    expect(parseRequest('junit')).toEqual({ format: formats['junit'] });
    expect(parseRequest('junit=a=b')).toEqual({ format: formats['junit'], path: 'a=b' });
  });
  it.each([
    ['', /^there is no report ""; there are junit/],
    ['JUnit', /^there is no report JUnit; there are junit/],
    ['constructor', /^there is no report constructor/],
    ['junit=', /^--report junit= names no file after =$/],
  ])('%j is refused', (text, why) => {
    expect(() => parseRequest(text)).toThrow(why);
  });
});

describe('a place', () => {
  const place = (directory: string, ...requests: string[]) => placeReports(requests.map(parseRequest), directory);

  it.each([
    ['run.json', /that is where the run's evidence is$/],
    ['journal.ndjson', /that is where the run's evidence is$/],
    ['manifest.json', /that is where the run's evidence is$/],
    ['attestation.sigstore.json', /that is where the run's evidence is$/],
    ['comparison.json', /that is where the run's evidence is$/],
    [join('raw', 'a'), /that is where the run's evidence is$/],
    ['folder', /that is a directory$/],
    [join('file', 'a', 'b'), /file is not a directory$/],
  ])('%s is refused', (path, why) => {
    const directory = scratch();
    mkdirSync(join(directory, 'folder'));
    writeFileSync(join(directory, 'file'), '');
    expect(() => place(directory, `junit=${join(directory, path)}`)).toThrow(why);
    expect(readdirSync(directory)).toEqual(['file', 'folder']);
  });
  it('in another sealed run is refused, whoever is asked', () => {
    const [directory, sealed] = [scratch(), scratch()];
    for (const file of ['run.json', 'manifest.json']) writeFileSync(join(sealed, file), '');
    const file = join(sealed, 'folder', 'other.xml');
    expect(() => place(directory, `junit=${file}`)).toThrow(
      `a report cannot go to ${file}: ${sealed} is sealed, and a file more would break the seal`,
    );
    expect(place(sealed, `junit=${file}`)).toMatchObject([{ file }]);
  });
  // For root everything can be written.
  it.skipIf(process.getuid?.() === 0)('that cannot be written is refused', () => {
    const directory = scratch();
    chmodSync(directory, 0o555);
    expect(() => place(directory, 'junit')).toThrow(/this user may not write into/);
  });
  it('is for one report', () => {
    const directory = scratch();
    expect(() => place(directory, 'junit', 'junit')).toThrow(/^two reports would go to .*junit.xml$/);
    expect(() => place(directory, 'junit', `junit=${directory}/./junit.xml`)).toThrow(/^two reports would go to/);
  });
});
