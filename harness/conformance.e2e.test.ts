import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from './catalogue.ts';
import { evaluate } from './judge/evaluate.ts';
import type { Run } from './evidence.ts';
import { cofferdam, expectFewRequests, finishedRun, leftovers, testCluster, withLeastRights } from './testing/e2e.ts';
import type { Finished } from './testing/e2e.ts';
import type { Cluster } from '../fixtures/cluster/index.ts';

/** The paths between tenants have a test of their own, `paths.e2e.test.ts`: they take as long as all the rest. */
const suites = ['kernel-isolation', 'host-devices', 'namespace-escape', 'runtime-attribution', 'tenant-network'];
const allButPaths = suites.flatMap((suite) => [
  '--only',
  suite === 'tenant-network' ? `${suite}/node-*` : `${suite}/**`,
]);

let cluster: Cluster;
let finished: Finished;
let run: Run;

beforeAll(async () => {
  cluster = await testCluster();
  return () => cluster.down();
});
beforeAll(async () => {
  await using limited = await withLeastRights(cluster);
  // An emulated processor gains nothing from a second pod at a time, and what is tried then comes late. How long this
  // machine takes is not what is tested.
  finished = await finishedRun(limited, ...allButPaths, '--max-pods', '1', '--timeout-scale', '2');
  run = finished.run;
  // Vitest calls it after all tests, and not at all when the run could not be made.
  return () => finished[Symbol.dispose]();
});

const of = (verdict: string) => run.verdicts.filter((one) => one.verdict === verdict);
const told = (verdict: string) => of(verdict).map((one) => `${one.handler} ${one.check}: ${one.reason}`);

describe('a run on the disposable cluster, with the rights of `cofferdam rbac`', () => {
  test('ends well', () => expect(finished.exitCode, finished.output).toBe(0));
  test('breaches nothing and leaves nothing open', () => {
    expect(told('breached')).toEqual([]);
    expect(told('inconclusive')).toEqual([]);
  });
  test('has trouble with nothing', () => expect(run.troubles).toEqual([]));
  test('shows under runc what a shared kernel gives away, and under no other handler but what a monitor is', () => {
    const exposed = of('exposed');
    expect(exposed.filter((one) => one.handler === 'runc').length).toBeGreaterThan(10);
    // A machine's monitor is the node's root here, as in Kata's default.
    expect(exposed.filter((one) => one.handler !== 'runc').map(({ handler, check }) => `${handler} ${check}`)).toEqual([
      'microvm kernel-isolation/what-answers-the-pod-is-confined',
    ]);
  });
  test('judges at least 24 checks over all suites under every handler', () => {
    for (const handler of ['runc', 'runsc', 'microvm']) {
      const checks = new Set(run.verdicts.filter((one) => one.handler === handler).map((one) => one.check));
      expect(checks.size).toBeGreaterThanOrEqual(24);
      expect(new Set([...checks].map((id) => id.split('/')[0])).size).toBeGreaterThanOrEqual(5);
    }
  });
  test('has the word of the container engine on the handler of every pod', () => {
    const witness = run.containers.find(({ role }) => role === 'witness');
    const records = witness?.observations.filter(({ id, kind }) => id === 'census' && kind === 'record') ?? [];
    const told = new Map(records.map(({ value }) => [value?.['podUid'], value?.['handler']]));
    const handlers = new Map(run.cells.map(({ id, handler }) => [id, handler]));
    const subjects = run.containers.filter(({ role }) => role === 'subject');
    expect(subjects.map(({ podUid }) => told.get(podUid))).toEqual(subjects.map(({ cell }) => handlers.get(cell)));
  });
  test('sends at most ten requests a pod', () => expectFewRequests(run));
  test('leaves nothing in the cluster or on its node', async () => expect(await leftovers(cluster)).toEqual([]));
  test('leaves its evidence', () => {
    const files = ['journal.ndjson', 'junit.xml', 'manifest.json', 'raw', 'report.html', 'run.json'];
    expect(readdirSync(finished.directory).sort()).toEqual(files);
    const events = readFileSync(join(finished.directory, 'journal.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect(events.at(0)?.event).toBe('started');
    expect(events.at(-1)?.event).toBe('judged');
  });
});

describe('the stored evidence', () => {
  test('gives the same verdicts when it is judged again', async () => {
    const again = await cofferdam(cluster, 'judge', finished.directory);
    expect(again.exitCode, again.all).toBe(0);
    expect(again.stderr).not.toContain('differ');
  });

  test('agrees with itself in everything', async () => {
    const verified = await cofferdam(cluster, 'verify', finished.directory);
    expect(verified.exitCode, verified.all).toBe(0);
  });

  /** Takes what the controls saw away, and judges again. */
  const judgedWithout = async (keep: (container: Run['containers'][number]) => boolean) => {
    const checks = await loadCatalogue();
    const without = { ...run, containers: run.containers.filter(keep) };
    return run.roster.map((planned) => evaluate(checks.get(planned.check)!, planned, without, checks));
  };

  test('holds nothing under the other handlers once the pods of the reference handler are taken out', async () => {
    const verdicts = await judgedWithout((one) => !(one.role === 'subject' && one.cell.startsWith('runc/')));
    const checks = await loadCatalogue();
    const held = verdicts
      .filter((one) => one.handler !== 'runc' && one.verdict === 'held')
      .map((one) => checks.get(one.check));
    // A weakened pod of the same handler, and the tenants' path, are controls that are still there.
    const controlled = held.filter(
      (check) =>
        (check?.scope === 'cell' && check.control.on === 'reference') ||
        (check?.scope === 'attribution' && check.about !== 'completeness'),
    );
    expect(controlled.map((check) => check?.id)).toEqual([]);
  });
  test('holds nothing that needs the node once the witness is taken out', async () => {
    const checks = await loadCatalogue();
    const verdicts = await judgedWithout((one) => one.role !== 'witness');
    const held = verdicts.filter((one) => one.verdict === 'held').map((one) => checks.get(one.check));
    expect(
      held.filter((check) => check?.scope === 'cell' && check.reached.needsWitness).map((check) => check?.id),
    ).toEqual([]);
    expect(held.filter((check) => check?.scope === 'attribution' && check.about.endsWith('-view'))).toEqual([]);
  });
});
