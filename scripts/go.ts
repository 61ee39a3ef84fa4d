import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { $ } from 'zx';

/** What the tests of some Go modules came to. */
export interface GoResult {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed said; empty when nothing did. */
  output: string;
}

const oldest = [1, 26] as const;

/**
 * A shell without a standard input: one whose input is a socket, which is what Node gives it, takes itself for a remote
 * login and reads ~/.bashrc (bash(1)), so that a Go is found there that nothing after this finds.
 */
const shellIn = (cwd: string, env = process.env) =>
  $({ cwd, env, quiet: true, nothrow: true, stdio: ['ignore', 'pipe', 'pipe'] });

/**
 * Makes sure that Go is there and new enough. It is not installed for the user: distributions' packages are often too
 * old, and which Go built the probe is part of the evidence.
 */
export async function requireGo(root: string): Promise<string> {
  const wanted = `Go ${oldest.join('.')} or newer is needed to build the probe`;
  if (!hasGo(root)) throw new Error('probes/go.mod is missing: this is no complete checkout');
  // Asked inside the module, because go.mod may select another toolchain than the installed one.
  const asked = await shellIn(join(root, 'probes'))`go env GOVERSION`;
  if (asked.exitCode !== 0) {
    const missing = asked.exitCode === 127 || asked.stderr.includes('command not found');
    throw new Error(
      missing
        ? `${wanted}, and there is no go on PATH. Next: install it from https://go.dev/dl/`
        : `${wanted}, and go does not answer:\n${asked.stderr.trim()}`,
    );
  }
  const version = asked.stdout.trim();
  const [, major = 0, minor = 0] = (/^go(\d+)\.(\d+)/.exec(version) ?? []).map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw new Error(`${wanted}, and this is ${version}. Next: install a newer one from https://go.dev/dl/`);
  }
  return version;
}

/** Modules that pin what others wrote: there is nothing of ours to test. */
const pinsOnly = [
  join('fixtures', 'cluster', 'binaries'),
  join('fixtures', 'cluster', 'older'),
  join('fixtures', 'breaches', 'history'),
  join('fixtures', 'variants', 'modules'),
];

/** The Go modules of this repository that hold code of its own. */
export function goModules(root: string): string[] {
  return globSync(['probes/go.mod', 'fixtures/**/go.mod'], { cwd: root })
    .map((file) => dirname(file))
    .filter((module) => !pinsOnly.some((folder) => module.startsWith(folder)))
    .sort();
}

/** Vets a module and runs its tests. */
export async function testGo(module: string): Promise<GoResult> {
  const shell = shellIn(module, { ...process.env, CGO_ENABLED: '0' });
  const vet = await shell`go vet ./...`;
  if (vet.exitCode !== 0) return { passed: 0, failed: 0, skipped: 0, output: `go vet: ${vet.stdall}` };
  if (globSync('**/*_test.go', { cwd: module }).length === 0) return { passed: 0, failed: 0, skipped: 0, output: '' };
  const test = await shell`go test -json ./...`;
  const result = countGoTests(test.stdout);
  // Whatever the events say, go itself has the last word.
  if (test.exitCode !== 0 && !result.output) result.output = test.stdall.slice(-4000);
  return result;
}

interface GoEvent {
  Action: string;
  Package?: string;
  ImportPath?: string;
  Test?: string;
  Output?: string;
}

/** Counts the tests in what `go test -json` printed. A test with subtests counts as these. */
export function countGoTests(json: string): GoResult {
  const events = json
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as GoEvent);
  const names = new Set(events.flatMap((event) => (event.Test ? [`${event.Package ?? ''} ${event.Test}`] : [])));
  const parents = new Set([...names].flatMap((name) => (name.includes('/', name.indexOf(' ')) ? ancestors(name) : [])));
  const ended = (action: string) =>
    events.filter(
      (event) => event.Action === action && event.Test && !parents.has(`${event.Package ?? ''} ${event.Test}`),
    );
  const failedPackages = new Set(
    events.flatMap((event) => (event.Action === 'fail' && event.Package ? [event.Package] : [])),
  );
  const failedTests = ended('fail').length;
  const testsOf = new Set(ended('fail').map((event) => event.Package));
  // A package that does not compile, or whose TestMain fails, has no failing test, and must not count as none.
  const withoutTests = [...failedPackages].filter((name) => !testsOf.has(name)).length;
  const output = events
    .filter(
      (event) =>
        event.Action === 'build-output' || (event.Action === 'output' && failedPackages.has(event.Package ?? '')),
    )
    .map((event) => event.Output ?? '')
    .filter((line) => !/^(=== (RUN|PAUSE|CONT)|\s*--- PASS)/.test(line))
    .join('');
  return {
    passed: ended('pass').length,
    failed: failedTests + withoutTests,
    skipped: ended('skip').length,
    output: failedPackages.size > 0 ? output : '',
  };
}

/** The tests that a subtest belongs to. */
function ancestors(name: string): string[] {
  const [packageName = '', test = ''] = name.split(' ');
  const parts = test.split('/');
  return parts.slice(1).map((_, index) => `${packageName} ${parts.slice(0, index + 1).join('/')}`);
}

/** Whether there is anything to vet or test. */
const hasGo = (root: string): boolean => existsSync(join(root, 'probes', 'go.mod'));
