import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadCatalogue } from '../harness/catalogue.ts';
import { attemptId } from '../harness/attempt.ts';
import { controlAttempts } from '../harness/check.ts';
import type { Check } from '../harness/check.ts';
import type { ContainerEvidence, Run } from '../harness/evidence.ts';
import { compareRuns } from './compare.ts';
import { changeOf, comparisonExitCode, countChanges, gateOn } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { judgeHere, realRun } from './testing.ts';

let checks: ReadonlyMap<string, Check>;
let run: Run;
beforeAll(async () => {
  checks = await loadCatalogue();
  run = await judged(realRun(1));
});

const judged = async (one: Run): Promise<Run> => ({ ...one, verdicts: await judgeHere(one) });
const compare = (before: Run, after: Run): Comparison => compareRuns(before, after, checks);
const differing = ({ checks: compared }: Comparison) => compared.filter((one) => one.change !== 'unchanged');

/** The run with another name for everything that a run makes up or that a cluster gives anew. */
const relabelled = (one: Run, relabel: (text: string) => string): Run =>
  JSON.parse(relabel(JSON.stringify(one))) as Run;

/** The run with the verdicts of checks that make this attempt, or whose controls do: to compare all of them takes long. */
function ofChecksThatLookAt(id: string): Run {
  const kept = run.roster.map(({ check }) => {
    const one = checks.get(check);
    return one?.scope === 'cell' && [...one.attempts, ...controlAttempts(one)].some((made) => attemptId(made) === id);
  });
  return {
    ...run,
    roster: run.roster.filter((_, index) => kept[index]),
    verdicts: run.verdicts.filter((_, index) => kept[index]),
  };
}

const inContainer = (
  one: Run,
  handler: string,
  profile: string,
  change: (of: ContainerEvidence) => ContainerEvidence,
): Run => ({
  ...one,
  containers: one.containers.map((container) =>
    container.role === 'subject' && container.cell.startsWith(`${handler}/`) && container.profile === profile
      ? change(container)
      : container,
  ),
});

describe('two runs of the same cluster', () => {
  it('compare as unchanged, but for a check that only one of them had', async () => {
    const comparison = compare(run, await judged(realRun(2)));
    expect(differing(comparison).map(({ change, check }) => [change, check])).toEqual([
      ['gone', 'tenant-network/node-services-demand-credentials'],
      ['gone', 'tenant-network/node-services-demand-credentials'],
    ]);
    expect(countChanges(comparison).unchanged).toBe(82);
  });

  it('compare as unchanged after a restart of the node, which gives everything new numbers', async () => {
    const digits = fc.integer({ min: 0, max: 15 }).map((digit) => digit.toString(16));
    await fc.assert(
      fc.asyncProperty(fc.array(digits, { minLength: 8, maxLength: 8 }), async (random) => {
        const mapped = new Map<string, string>();
        const anew = (text: string) => {
          const known = mapped.get(text);
          if (known !== undefined) return known;
          const [...units] = text;
          const made = units
            .map((unit, index) => (/[0-9a-f]/.test(unit) ? random[(index * 7 + mapped.size) % 8]! : unit))
            .join('');
          // Two things that were different stay different.
          const unique = [...mapped.values()].includes(made) ? text : made;
          mapped.set(text, unique);
          return unique;
        };
        const restarted = await judged(
          relabelled(run, (text) =>
            text
              .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, anew)
              .replaceAll(/"pid":\d+/g, (pid) => `${pid}7`)
              .replaceAll(/\/proc\/\d{4}\//g, '/proc/31337/')
              .replaceAll(/"ms":\d+/g, '"ms":1')
              .replaceAll(/"looked":\d+/g, (looked) => `${looked}1`)
              .replaceAll(/"btime":(\d+)/g, (_, time: string) => `"btime":${Number(time) + 86_400}`)
              .replaceAll(/40265\d{5}/g, (inode) => String(Number(inode) + 1000))
              .replaceAll(run.run.id, random.join('')),
          ),
        );
        expect(restarted.verdicts.map((one) => one.verdict)).toEqual(run.verdicts.map((one) => one.verdict));
        expect(differing(compare(run, restarted))).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});

it('compares paths by what arrived: a closed one refuses, or stays silent, as it happens', async () => {
  const paths = await judged(realRun(3));
  const [refuses, silent] = ['ECONNREFUSED', 'ETIMEDOUT'].map((errno) =>
    relabelled(paths, (text) => text.replaceAll(/"errno":"E(CONNREFUSED|TIMEDOUT)"/g, `"errno":"${errno}"`)),
  );
  expect(differing(compare(await judged(refuses!), await judged(silent!)))).toEqual([]);
  // Without what the servers received, no path was ever open.
  const deaf = relabelled(paths, (text) => text.replaceAll('"id":"received"', '"id":"lost"'));
  expect(countChanges(compare(paths, await judged(deaf))).regressed).toBeGreaterThan(10);
});

describe('a run that differs', () => {
  it('is noticed for every observation that a verdict stands on', { timeout: 300_000 }, () => {
    const silent: string[] = [];
    // Every container reports these, and not every one has a check of them.
    const identityOnly = new Set(['namespaces-0f10715bc2ef', 'credentials-9066ed6cc083', 'identity-8776298d43a8']);
    // The stored run is of a version whose checks asked for the names in /dev; today's ask for devices everywhere.
    identityOnly.add('list-f5c520d5c6cb');
    for (const container of run.containers.filter((one) => one.role === 'subject')) {
      for (const { id, errno } of container.observations) {
        if (identityOnly.has(id)) continue;
        const before = ofChecksThatLookAt(id);
        const changed: Run = {
          ...before,
          containers: run.containers.map((one) =>
            one !== container
              ? one
              : {
                  ...one,
                  observations: one.observations.map((seen) =>
                    seen.id === id
                      ? { id, kind: seen.kind, errno: errno === 'EPERM' ? 'EACCES' : 'EPERM', step: 'test' }
                      : seen,
                  ),
                },
          ),
        };
        if (differing(compare(before, changed)).length === 0)
          silent.push(`${container.pod} ${container.profile} ${id}`);
      }
    }
    expect(silent).toEqual([]);
  });

  it('tells a regression, with what was seen before and after', async () => {
    const weaker = await judged(
      inContainer(run, 'runsc', 'default-root', (container) => ({
        ...container,
        observations: container.observations.map((one) =>
          one.id === 'search-1a063a3232e3'
            ? {
                id: one.id,
                kind: one.kind,
                value: { found: run.canaries['node-1']!['file']!, at: '/etc/leak', looked: 1 },
              }
            : one,
        ),
      })),
    );
    const [first] = compare(run, weaker).checks.filter((one) => one.change === 'regressed');
    expect(first).toMatchObject({
      check: 'namespace-escape/node-files-are-not-readable',
      handler: 'runsc',
      before: { verdict: 'held' },
      after: { verdict: 'breached' },
    });
    expect(first?.differences[0]).toMatchObject({ before: 'absent', after: 'reached' });
    expect(comparisonExitCode(compare(run, weaker), 'regressions')).toBe(1);
    expect(compare(weaker, run).checks.filter((one) => one.change === 'fixed')).toHaveLength(1);
  });

  it('tells changed evidence under the same verdict: another version of the kernel in the sandbox', async () => {
    const upgraded = await judged(
      relabelled(run, (text) => text.replaceAll('Linux version 4.4.0', 'Linux version 4.19.0')),
    );
    const comparison = compare(run, upgraded);
    expect([...new Set(differing(comparison).map((one) => one.change))]).toEqual(['changed']);
    const version = comparison.checks.find(
      (one) => one.check.endsWith('kernel-build-is-not-the-nodes') && one.handler === 'runsc',
    );
    expect(version?.differences.map((one) => `${one.before} → ${one.after}`).join()).toContain('4.19.0');
    expect(comparisonExitCode(comparison, 'regressions')).toBe(0);
    expect(comparisonExitCode(comparison, 'any')).toBe(1);
  });

  it('tells of a long list only what differs of it', async () => {
    const leak = { path: '/dev/leak', type: 'char', major: 10, minor: 99 };
    const changed = await judged(
      inContainer(run, 'runc', 'default-root', (container) => ({
        ...container,
        observations: container.observations.map((one) =>
          one.kind === 'devices' && Array.isArray(one.value?.['devices'])
            ? { ...one, value: { ...one.value, devices: [...(one.value['devices'] as object[]), leak] } }
            : one,
        ),
      })),
    );
    const told = differing(compare(run, changed)).flatMap((one) => one.differences);
    expect(told).toContainEqual(
      expect.objectContaining({
        before: expect.stringMatching(/^devices: nothing but what the other has, \d+ in all$/) as string,
        after: 'devices: char /dev/leak',
      }),
    );
  });

  it('tells versions of the node that differ, which are no reason not to compare', () => {
    const upgraded = { ...run, nodes: run.nodes.map((node) => ({ ...node, containerRuntime: 'containerd://2.5.0' })) };
    expect(compare(run, upgraded).surroundings).toEqual([
      { what: 'node node-1: containerRuntime', before: 'containerd://2.4.2', after: 'containerd://2.5.0' },
    ]);
    expect(differing(compare(run, upgraded))).toEqual([]);
  });
});

describe('what cannot be compared', () => {
  it.each([
    ['another meaning', (one: Run): Run => ({ ...one, meaning: 2 }), 'meaning 1 against 2'],
    [
      'another probe',
      (one: Run): Run => ({ ...one, probe: { ...one.probe, digests: ['sha256:00'] } }),
      'another probe',
    ],
    [
      'another architecture',
      (one: Run): Run => ({ ...one, nodes: one.nodes.map((node) => ({ ...node, architecture: 'arm64' })) }),
      'another kind of node: amd64 against arm64',
    ],
    [
      'another claim',
      (one: Run): Run => ({
        ...one,
        verdicts: one.verdicts.map((verdict) => ({ ...verdict, isolationClass: 'guest-kernel' as const })),
      }),
      'another claim for the handler',
    ],
  ])('says so, and why: %s', (_, change, why) => {
    const comparison = compare(run, change(run));
    expect(new Set(comparison.checks.map((one) => one.change))).toEqual(new Set(['incomparable']));
    expect(comparison.checks[0]?.because).toContain(why);
    expect(comparisonExitCode(comparison, 'regressions')).toBe(3);
    expect(comparisonExitCode(comparison, undefined)).toBe(0);
  });
});

describe('pairing', () => {
  const renamed = (one: Run, name: string): Run => relabelled(one, (text) => text.replaceAll('node-1', name));

  it('takes the one node that is left over on each side for the same', () => {
    expect(differing(compare(run, renamed(run, 'pool-b-0')))).toEqual([]);
  });

  it('leaves nodes apart when several are left over, until they are paired by hand', () => {
    const [node] = run.nodes;
    const two = {
      ...renamed(run, 'b-0'),
      nodes: [
        { ...node!, name: 'b-0' },
        { ...node!, name: 'b-1' },
      ],
    };
    expect(countChanges(compare(run, two))).toMatchObject({ new: 84, gone: 84 });
    const pairing = { nodes: new Map([['node-1', 'b-0']]), handlers: new Map<string, string>() };
    expect(differing(compareRuns(run, two, checks, pairing))).toEqual([]);
  });

  it('compares two handlers of one run', () => {
    const twin = relabelled(run, (text) => text.replaceAll('runsc', 'runsc-next'));
    const side = { cells: [...run.cells, ...twin.cells.filter((one) => one.handler === 'runsc-next')] };
    const both: Run = {
      ...run,
      ...side,
      containers: [...run.containers, ...twin.containers.filter((one) => one.cell.startsWith('runsc-next'))],
      roster: [...run.roster, ...twin.roster.filter((one) => one.cell.startsWith('runsc-next'))],
      verdicts: [...run.verdicts, ...twin.verdicts.filter((one) => one.handler === 'runsc-next')],
    };
    const pairing = {
      nodes: new Map<string, string>(),
      handlers: new Map([['runsc', 'runsc-next']]),
      onlyPaired: true,
    };
    const comparison = compareRuns(both, both, checks, pairing);
    expect(comparison.checks).toHaveLength(42);
    expect(comparison.after.handler).toBe('runsc-next');
    expect(differing(comparison)).toEqual([]);
  });
});

it.each([
  ['held', 'breached', 'regressed'],
  ['held', 'inconclusive', 'regressed'],
  ['held', 'exposed', 'regressed'],
  ['exposed', 'inconclusive', 'regressed'],
  ['inconclusive', 'breached', 'regressed'],
  ['breached', 'held', 'fixed'],
  ['exposed', 'held', 'fixed'],
  ['inconclusive', 'held', 'fixed'],
  // Not to be able to tell is no repair.
  ['breached', 'inconclusive', 'changed'],
  ['held', 'not-applicable', 'changed'],
  ['not-applicable', 'held', 'changed'],
  ['held', 'held', 'unchanged'],
] as const)('from %s to %s is %s', (before, after, change) => {
  expect(changeOf(before, after, true)).toBe(change);
});

it('never lets a gate pass what is gone or cannot be compared, nor two runs without a check in common', () => {
  expect(gateOn({ change: 'gone' }, 'regressions')).toBe('undecided');
  expect(gateOn({ change: 'incomparable' }, 'regressions')).toBe('undecided');
  expect(gateOn({ change: 'fixed' }, 'any')).toBe('fails');
  expect(comparisonExitCode({ ...compare(run, run), checks: [] }, 'regressions')).toBe(3);
});

it.each([
  ['held', 'passes'],
  ['exposed', 'passes'],
  ['not-applicable', 'passes'],
  ['inconclusive', 'undecided'],
  ['breached', 'undecided'],
] as const)('a new check that is %s %s a gate on regressions', (verdict, gate) => {
  const one = { change: 'new', after: { verdict, reason: '' } } as const;
  expect(gateOn(one, 'regressions')).toBe(gate);
  expect(gateOn(one, 'any')).toBe('fails');
  expect(gateOn(one, undefined)).toBe('passes');
});
