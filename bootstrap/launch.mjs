// Runs a TypeScript file of this repository: node bootstrap/launch.mjs FILE.ts [ARGUMENT…]
//
// Plain JavaScript without dependencies, for the Node that happens to be there (20 or newer): it is what installs the
// dependencies, and among them the Node that everything else runs on.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The oldest Node that runs the TypeScript here as it is: type stripping is on, and says nothing about it. */
const oldestNode = [24, 15];

/** Something that the reader can act upon; shown without a stack. */
class LaunchError extends Error {}

/**
 * Runs `file` (relative to the repository) with the pinned Node, in the caller's working directory, and ends this
 * process the way it ended.
 * @param {string} file
 * @param {string[]} args
 */
export async function launch(file, args) {
  try {
    await ensureDependencies(repository);
    endLike(await run(chooseNodes(repository), [join(repository, file), ...args], repository));
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    console.error(`cofferdam: ${error.message}`);
    process.exitCode = 3;
  }
}

/**
 * Makes node_modules match package-lock.json.
 * @param {string} root
 */
export async function ensureDependencies(root) {
  if (upToDate(root)) return;
  const release = await lock(root);
  try {
    const reason = outdated(root); // again: whoever held the lock may have installed
    if (reason) await install(root, reason);
    else stamp(root);
  } finally {
    release();
  }
}

const stampFile = (/** @type {string} */ root) => join(root, 'node_modules', '.cofferdam-lock-digest');

/** What node_modules must have been made from, and for: the lock file holds packages of several platforms. */
function wantedStamp(/** @type {string} */ root) {
  const lockFile = join(root, 'package-lock.json');
  if (!existsSync(lockFile)) throw new LaunchError(`${lockFile} is missing: this is no complete checkout`);
  return createHash('sha256')
    .update(`${process.platform} ${process.arch}\n`)
    .update(readFileSync(lockFile))
    .digest('hex');
}

function upToDate(/** @type {string} */ root) {
  return readIfThere(stampFile(root)) === wantedStamp(root);
}

function stamp(/** @type {string} */ root) {
  writeFileSync(stampFile(root), wantedStamp(root));
}

/** Why node_modules has to be installed, or undefined. */
function outdated(/** @type {string} */ root) {
  if (upToDate(root)) return undefined;
  const installed = readIfThere(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined)
    return existsSync(join(root, 'node_modules')) ? 'an installation was cut off' : 'nothing is installed yet';
  // Somebody may have used npm by hand. npm keeps its own record of what is there, so believe that before
  // deleting everything to install the same again.
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return agrees(wanted, JSON.parse(installed).packages) ? undefined : 'package-lock.json has changed';
}

/**
 * Whether npm's record of what is installed says the same as the lock file.
 * @param {Record<string, { version?: string, integrity?: string, optional?: boolean, os?: unknown, cpu?: unknown }>} wanted
 * @param {Record<string, { version?: string, integrity?: string }>} installed
 */
export function agrees(wanted, installed) {
  const names = Object.keys(wanted).filter((name) => name !== '');
  if (Object.keys(installed).some((name) => !(name in wanted))) return false;
  return names.every((name) => {
    const { version, integrity, optional } = wanted[name] ?? {};
    const found = installed[name];
    if (!found) return optional === true; // of another platform
    return found.version === version && found.integrity === integrity;
  });
}

async function install(/** @type {string} */ root, /** @type {string} */ reason) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  console.error(`Installing the dependencies (${reason}) …`);
  // Without these two, an installation that is cut off would look whole.
  rmSync(stampFile(root), { force: true });
  rmSync(join(root, 'node_modules', '.package-lock.json'), { force: true });
  const heartbeat = setInterval(() => console.error(`  … still installing (${seconds()})`), 15_000);
  try {
    // Nothing here needs an installation script, so none may run. The types of packages are named because a user's
    // NODE_ENV or npm settings could leave them out.
    const args = [
      'ci',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--include=dev',
      '--include=optional',
      '--include=peer',
    ];
    const { code, output } = await npm(args, root);
    if (code !== 0) {
      throw new LaunchError(`npm ci failed (${code}) in ${root}:\n${lastWords(output)}\nNext: npm ci --ignore-scripts`);
    }
  } finally {
    clearInterval(heartbeat);
  }
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  stamp(root);
  console.error(`  ✓ installed (${seconds()})`);
}

/** The end of what npm said, without the help text and the empty lines that it puts behind some errors. */
function lastWords(/** @type {string} */ output) {
  const lines = output.split('\n').filter((line) => !/^(npm (error|warn))?\s*$/.test(line));
  const help = lines.findIndex((line) => /^npm error (Clean install a project|Usage:)/.test(line));
  return (help < 0 ? lines : lines.slice(0, help)).slice(-15).join('\n').replaceAll(/^/gm, '  | ');
}

/**
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<{ code: number | string, output: string }>}
 */
function npm(args, cwd) {
  return new Promise((done, fail) => {
    const child = spawn('npm', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) =>
      fail(new LaunchError(`npm could not be started (${error.message}): install Node with npm`)),
    );
    child.on('close', (code, signal) => done({ code: code ?? signal ?? 1, output }));
  });
}

/**
 * Waits until no other process installs into `root`, and returns how to let the next one.
 *
 * The lock is a socket in the kernel's own name space: it is free as soon as its holder is gone, however it went, so
 * no dead holder's lock has to be recognised and taken over.
 * @param {string} root
 * @returns {Promise<() => void>}
 */
async function lock(root) {
  if (process.platform !== 'linux') return () => {};
  const { dev, ino } = statSync(root);
  const name = `\0cofferdam-install-${dev}-${ino}`;
  for (let told = false; ; told = true) {
    const server = createServer();
    const held = await new Promise((done, fail) => {
      server.once('error', (/** @type {NodeJS.ErrnoException} */ error) =>
        error.code === 'EADDRINUSE' ? done(false) : fail(error),
      );
      server.listen(name, () => done(true));
    });
    if (held) {
      const waiting = new Set();
      server.on('connection', (socket) => waiting.add(socket.on('error', () => {})));
      return () => {
        server.close();
        for (const socket of waiting) socket.destroy();
      };
    }
    if (!told) console.error('Waiting for another cofferdam that installs the dependencies …');
    await new Promise((done) =>
      connect(name)
        .on('error', () => {})
        .on('close', done),
    );
  }
}

/**
 * The Node executables to try, best first.
 * @param {string} root
 */
export function chooseNodes(root) {
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const current = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  const nodes = [...(existsSync(pinned) ? [pinned] : []), ...(current ? [process.execPath] : [])];
  if (nodes.length === 0) {
    throw new LaunchError(
      `Node ${oldestNode.join('.')} or newer is needed. There is no pinned one for ${process.platform}-${process.arch}, and this is ${process.version}`,
    );
  }
  return nodes;
}

/**
 * @param {string[]} nodes
 * @param {string[]} args
 * @param {string} root
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 */
async function run(nodes, args, root) {
  const [node = process.execPath, ...others] = nodes;
  try {
    return await runWith(node, args, root);
  } catch (error) {
    // The pinned Node is built for glibc: where its loader is missing (Alpine), it cannot be started.
    if (others.length > 0) return run(others, args, root);
    throw new LaunchError(
      `${node} cannot be started here (${error.message}): use a Node ${oldestNode.join('.')} or newer of your system`,
    );
  }
}

/**
 * @param {string} node
 * @param {string[]} args
 * @param {string} root
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 */
function runWith(node, args, root) {
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].filter(Boolean).join(delimiter);
  const child = spawn(node, args, { stdio: 'inherit', env: { ...process.env, PATH: path } });
  // The child cleans up and decides how to end; this process only has to outlive it.
  // A terminal sends Ctrl-C to the whole group, so the child has it already, and a second one means "at once" to many
  // programs. Without a terminal it was sent to this process alone.
  const forward = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal);
  const ofTerminal = hasTerminal() ? () => {} : forward;
  process.on('SIGINT', ofTerminal);
  process.on('SIGQUIT', ofTerminal);
  process.on('SIGTERM', forward);
  process.on('SIGHUP', forward);
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('exit', (code, signal) => {
      for (const name of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
      done({ code, signal });
    });
  });
}

/** Whether a terminal controls this process, which may be so although all its streams are redirected. */
function hasTerminal() {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

/** Ends this process as the child ended, so that the caller sees the same. */
function endLike(/** @type {{ code: number | null, signal: NodeJS.Signals | null }} */ { code, signal }) {
  if (signal === null) {
    process.exitCode = code ?? 1;
    return;
  }
  // A crash of the child must not become a second core file here.
  const repeatable = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'].includes(signal);
  process.exitCode = 128 + constants.signals[signal];
  if (repeatable) process.kill(process.pid, signal);
}

function readIfThere(/** @type {string} */ file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [file, ...args] = process.argv.slice(2);
  if (file) await launch(file, args);
  else {
    console.error('usage: node bootstrap/launch.mjs FILE.ts [ARGUMENT…]');
    process.exitCode = 2;
  }
}
