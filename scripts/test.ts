/**
 * npm test [-- [--unit | --whole | --long] [--keep-going] [-- ARGUMENT FOR VITEST…]]
 *
 * Everything that must be right before a change lands, cheap things first. It stops at the first stage that fails,
 * and its last line is the sum of the tests: `N passed, N failed`. On a machine so slow that not all end-to-end tests are
 * begun in the time that a change may take, it names those that it left out.
 */
import { execa } from 'execa';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { $ } from 'zx';
import type { ProcessOutput } from 'zx';
import { duration, terminalProgress } from '../harness/progress.ts';
import { seedOfThisCommit } from '../harness/testing/commit.ts';
import { findChromium } from './chromium.ts';
import { endToEndFiles, minutesToBegin } from './end-to-end.ts';
import { goModules, requireGo, testGo } from './go.ts';
import { countVitest } from './vitest-result.ts';
import type { Counts } from './vitest-result.ts';

const root = join(import.meta.dirname, '..');
const progress = terminalProgress();

/** What a stage came to: `failure` is what to show, `detail` belongs into its line. */
interface Result extends Partial<Counts> {
  detail?: string;
  failure?: string;
}

interface Stage {
  name: string;
  /** What a developer runs to see or mend it alone. */
  alone?: string;
  run(): Promise<Result>;
}

const started = Date.now();
const { unit, whole, long, keepGoing, forVitest } = parse(process.argv.slice(2));
const scratch = mkdtempSync(join(tmpdir(), 'cofferdam-test-'));
const totals: Counts = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];
const notBegun: string[] = [];
let interrupted: NodeJS.Signals | undefined;
const stop = new AbortController();

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // What runs has to clean up, so it is asked to end and waited for.
    interrupted ??= signal;
    stop.abort(signal);
  });
}

const still = () => interrupted === undefined && (keepGoing || failures.length === 0);

try {
  await inTurn([{ name: 'tools', run: tools }]);
  if (still()) await sideBySide('checking', statics());
  if (still()) await inTurn([vitest('unit')]);
  if (still() && !unit) {
    await inTurn([{ name: 'disposable cluster', alone: 'npm run cluster -- up', run: cluster }]);
    await endToEnd();
    if (long) await inTurn([vitest('long')]);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

const ran = totals.passed + totals.failed;
if (interrupted) progress.note(`interrupted by ${interrupted}`);
if (ran === 0) progress.note('no test was executed, which counts as a failure');
if (failures.length > 0) progress.note(`failed: ${failures.join(', ')}`);
if (notBegun.length > 0)
  progress.note(
    `${minutesToBegin} min were over before ${notBegun.join(' and ')} could begin: npm test -- --whole has no such limit`,
  );
const skipped = totals.skipped ? `, ${totals.skipped} skipped` : '';
const left = notBegun.length > 0 ? `, ${notBegun.length} files not begun` : '';
console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}${left}`);
process.exitCode = interrupted ? 130 : failures.length > 0 || totals.failed > 0 || ran === 0 ? 1 : 0;

function parse(args: string[]): Record<'unit' | 'whole' | 'long' | 'keepGoing', boolean> & { forVitest: string[] } {
  const split = args.indexOf('--');
  const own = split < 0 ? args : args.slice(0, split);
  const unknown = own.filter((argument) => !['--unit', '--whole', '--long', '--keep-going'].includes(argument));
  if (unknown.length > 0) {
    console.error(
      `unknown: ${unknown.join(' ')}\nusage: npm test -- [--unit | --whole | --long] [--keep-going] [-- ARGUMENT FOR VITEST…]`,
    );
    process.exit(2);
  }
  return {
    unit: own.includes('--unit'),
    whole: own.includes('--whole') || own.includes('--long'),
    long: own.includes('--long'),
    keepGoing: own.includes('--keep-going'),
    forVitest: split < 0 ? [] : args.slice(split + 1),
  };
}

async function tools(): Promise<Result> {
  const go = await requireGo(root);
  const detail = `Node ${process.version}, ${go}`;
  if (unit) return { detail };
  const { ensureTools } = await import('../fixtures/cluster/host.ts');
  await ensureTools('run', progress);
  await ensureTools('tree', progress);
  return { detail: `${detail}, ${await browser(() => ensureTools('browser', progress))}` };
}

/** The HTML report is tested in a browser. A developer may do without one, and is told; CI may not. */
async function browser(install: () => Promise<void>): Promise<string> {
  try {
    if (!findChromium()) await install();
    return 'Chromium';
  } catch (error) {
    if (process.env['CI']) throw error;
    return `no Chromium, so the HTML report is not tested in a browser (${(error as Error).message})`;
  }
}

/**
 * Each file of end-to-end tests restores a cluster of its own. This makes what they restore, and shows that a node comes up.
 * COFFERDAM_CLUSTER names one that is up already, for who works on them.
 */
async function cluster(): Promise<Result> {
  if (process.env['COFFERDAM_CLUSTER']) return { detail: `${process.env['COFFERDAM_CLUSTER']}, as it is` };
  const { up } = await import('../fixtures/cluster/index.ts');
  const brought = await up({ name: `test-${process.pid}`, progress, signal: stop.signal, ephemeral: true });
  await brought.down();
  return { detail: brought.accelerator === 'kvm' ? 'hardware virtualisation' : 'emulated' };
}

/** A stage a file, so that each has its line and its time. Arguments for vitest choose by themselves what is run. */
async function endToEnd(): Promise<void> {
  if (forVitest.length > 0) return inTurn([vitest('e2e')]);
  for (const file of endToEndFiles(await seedOfThisCommit())) {
    const late = !whole && Date.now() - started > minutesToBegin * 60_000;
    if (!still()) return;
    if (late) notBegun.push(file);
    else await inTurn([vitest('e2e', file)]);
  }
}

/** What needs no machine of its own: at most two at once, the longest first. */
function statics(): Stage[] {
  return [
    { name: 'lint', alone: 'npm run lint', run: () => command`eslint --max-warnings 0 .` },
    { name: 'types', alone: 'npx tsc -p .', run: () => command`tsc -p .` },
    ...goModules(root).map((module) => ({
      name: `Go in ${module}`,
      alone: `cd ${module} && go vet ./... && go test ./...`,
      run: () => goStage(join(root, module)),
    })),
    { name: 'formatting', alone: 'npx prettier --write .', run: () => command`prettier --check --log-level warn .` },
    { name: 'docs', alone: 'npm run docs', run: () => command`node scripts/docs.ts --check` },
  ];
}

async function command(pieces: TemplateStringsArray): Promise<Result> {
  const color = process.stderr.isTTY && !process.env['NO_COLOR'] ? { FORCE_COLOR: '1' } : {};
  const child = $({ cwd: root, quiet: true, nothrow: true, env: { ...process.env, ...color }, signal: stop.signal })(
    pieces,
  );
  const output: ProcessOutput = await child;
  return output.exitCode === 0 ? {} : { failure: output.stdall };
}

async function goStage(module: string): Promise<Result> {
  const { output, ...counts } = await testGo(module);
  return { ...counts, ...(output && { failure: output }) };
}

function vitest(project: 'unit' | 'e2e' | 'long', file?: string): Stage {
  return {
    name: file ?? { unit: 'unit tests', e2e: 'end-to-end tests', long: 'long end-to-end tests' }[project],
    alone: ['npx vitest run --project', project, file].filter(Boolean).join(' '),
    async run() {
      // A file of its own for each stage: one that ends without a report must not be counted by the one before.
      const report = join(scratch, `${(file ?? project).replaceAll('/', '-')}.json`);
      const args = [
        ...['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
        // Naming reporters replaces the configured ones.
        `--reporter=${join(root, 'scripts', 'graceful-cancel.ts')}`,
        // A filter may leave nothing of one project. Nothing of any is a failure, see the end.
        ...(forVitest.length > 0 ? ['--passWithNoTests', ...forVitest] : []),
        ...(file ? [file] : []),
      ];
      const child = execa(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), ...args], {
        cwd: root,
        stdio: 'inherit',
        reject: false,
      });
      const hand = () => void child.kill(interrupted);
      stop.signal.addEventListener('abort', hand);
      const { exitCode } = await child;
      stop.signal.removeEventListener('abort', hand);
      const counts = read(report);
      if (!counts) return { failure: `vitest left no report (exit code ${exitCode ?? 'none'})` };
      // Errors outside tests fail vitest without failing a test.
      return { ...counts, ...(exitCode !== 0 && { failure: '' }) };
    },
  };
}

function read(report: string): Counts | undefined {
  try {
    return countVitest(readFileSync(report, 'utf8'), interrupted !== undefined);
  } catch {
    return undefined;
  }
}

async function inTurn(stages: Stage[]): Promise<void> {
  for (const stage of stages) if (still()) await execute(stage, say);
}

async function sideBySide(title: string, stages: Stage[]): Promise<void> {
  const limit = pLimit(2);
  const running = new Set<string>();
  const step = progress.step(title);
  const before = failures.length;
  const clear = process.stderr.isTTY ? '\r\u001b[2K' : '';
  await Promise.all(
    stages.map((stage) =>
      limit(async () => {
        if (!still()) return;
        running.add(stage.name);
        step.update([...running].join(', '));
        await execute(stage, (line) => say(clear + line));
        running.delete(stage.name);
        if (running.size > 0) step.update([...running].join(', '));
      }),
    ),
  );
  if (failures.length > before) step.fail(failures.slice(before).join(', '));
  else if (interrupted) step.fail('interrupted');
  else step.done();
}

async function execute(stage: Stage, tell: (line: string) => void): Promise<void> {
  const begun = Date.now();
  let result: Result;
  try {
    result = await stage.run();
  } catch (error) {
    result = { failure: error instanceof Error ? error.message : String(error) };
  }
  for (const name of ['passed', 'failed', 'skipped'] as const) totals[name] += result[name] ?? 0;
  const failed = result.failure !== undefined || (result.failed ?? 0) > 0;
  if (failed) {
    failures.push(stage.name);
    if (result.failure) tell(result.failure.trimEnd());
  }
  const parts = [result.detail, counted(result), failed && stage.alone && `alone: ${stage.alone}`];
  const about = parts.filter(Boolean).join('; ');
  tell(`  ${failed ? '✗' : '✓'} ${stage.name}${about && `: ${about}`} (${duration(Date.now() - begun)})`);
}

function counted({ passed = 0, failed = 0, skipped = 0 }: Partial<Counts>): string {
  const parts = [passed && `${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`];
  return parts.filter(Boolean).join(', ');
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
