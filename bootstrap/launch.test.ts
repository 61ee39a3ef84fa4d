import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const run = promisify(execFile);

/** A repository of its own for each test, with a stand-in for npm that counts how often it installs. */
let root: string;
let environment: NodeJS.ProcessEnv;

const lockFile = (version: string) =>
  JSON.stringify({ packages: { '': {}, 'node_modules/a': { version, integrity: `sha512-${version}` } } });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cofferdam-launch-'));
  mkdirSync(join(root, 'bin'));
  cpSync(import.meta.dirname, join(root, 'bootstrap'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(join(root, 'package-lock.json'), lockFile('1.0.0'));
  npm('sleep 0.3; mkdir -p node_modules; cp package-lock.json node_modules/.package-lock.json; echo "$*" >> installs');
  environment = { ...process.env, PATH: `${join(root, 'bin')}${delimiter}${process.env['PATH'] ?? ''}` };
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function npm(script: string): void {
  writeFileSync(join(root, 'bin', 'npm'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, 'bin', 'npm'), 0o755);
}

const program = (text: string) => writeFileSync(join(root, 'program.ts'), text);
const installs = () =>
  existsSync(join(root, 'installs')) ? readFileSync(join(root, 'installs'), 'utf8').trim().split('\n') : [];
const launcher = () => join(root, 'bootstrap', 'launch.mjs');
const launch = (...args: string[]) =>
  run(process.execPath, [launcher(), 'program.ts', ...args], { env: environment, cwd: tmpdir() });

/** In a session of its own, so that no terminal of whoever runs the tests takes part. */
const launchDetached = (): ChildProcess =>
  spawn(process.execPath, [launcher(), 'program.ts'], {
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });

test('installs once, keeps the working directory, passes arguments, prints no warning', async () => {
  program('const where: string = process.cwd(); console.log(JSON.stringify([where, ...process.argv.slice(2)]));');
  const first = await launch('a', 'b c');
  expect(JSON.parse(first.stdout)).toEqual([tmpdir(), 'a', 'b c']);
  expect(first.stderr).toMatch(
    /^Installing the dependencies \(nothing is installed yet\) …\n {2}✓ installed \(\d+ s\)\n$/,
  );
  expect(await launch()).toMatchObject({ stderr: '' });
  expect(installs()).toHaveLength(1);
  expect(installs()[0]).toContain('ci --ignore-scripts');
});

test('installs again when package-lock.json has changed', async () => {
  program('');
  await launch();
  writeFileSync(join(root, 'package-lock.json'), lockFile('1.0.1'));
  await expect(launch()).resolves.toMatchObject({
    stderr: expect.stringContaining('package-lock.json has changed') as string,
  });
  expect(installs()).toHaveLength(2);
});

test('believes what npm installed by hand', async () => {
  program('');
  mkdirSync(join(root, 'node_modules'));
  cpSync(join(root, 'package-lock.json'), join(root, 'node_modules', '.package-lock.json'));
  await launch();
  expect(installs()).toHaveLength(0);
});

test('two at once install once', async () => {
  program('console.log("ran")');
  const both = await Promise.all([launch(), launch()]);
  expect(both.map(({ stdout }) => stdout)).toEqual(['ran\n', 'ran\n']);
  expect(installs()).toHaveLength(1);
});

test('a failed installation says what npm said, and is tried again', async () => {
  program('');
  npm('mkdir -p node_modules; echo "npm error code E_OUT_OF_PAPER" >&2; exit 1');
  await expect(launch()).rejects.toMatchObject({
    code: 3,
    stderr: expect.stringContaining('E_OUT_OF_PAPER') as string,
  });
  await expect(launch()).rejects.toMatchObject({
    stderr: expect.stringContaining('an installation was cut off') as string,
  });
});

test('ends with the exit code of the program', async () => {
  program('process.exitCode = 7');
  await expect(launch()).rejects.toMatchObject({ code: 7 });
});

test('ends by the signal that ended the program', async () => {
  program('process.kill(process.pid, "SIGKILL")');
  await expect(launch()).rejects.toMatchObject({ signal: 'SIGKILL' });
});

test.for(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
  'hands %s to the program and waits for its clean-up',
  async (signal) => {
    program(`
    process.on('${signal}', () => setTimeout(() => { console.log('cleaned up'); process.exit(5); }, 300));
    setInterval(() => {}, 1000);
    console.log('ready');
  `);
    const child = launchDetached();
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await expect.poll(() => printed, { timeout: 10_000 }).toContain('ready');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([5, null]);
    expect(printed).toBe('ready\ncleaned up\n');
  },
);
