import { expect, test } from 'vitest';
import { brokenCluster, brokenHandler, defineBreach, pairsOf, under } from '../fixtures/breaches/breach.ts';
import type { Breach, BrokenHandler } from '../fixtures/breaches/breach.ts';
import { loadCatalogue } from '../harness/catalogue.ts';
import type { Cell } from '../harness/evidence.ts';
import { checksOf, planOf, stagesOf } from './stages.ts';

const checks = [...(await loadCatalogue()).values()];
const handler = (name: string, ...red: string[]): Breach =>
  defineBreach({
    id: `runtime/${name}`,
    breaks: 'Something.',
    means: brokenHandler({ edits: [] }),
    red: under(['runc', 'gvisor'], red),
  });
const cluster = (name: string, ...red: string[]): Breach =>
  defineBreach({ id: `cluster/${name}`, breaks: 'Something.', means: brokenCluster({}), red: under(['runc'], red) });

test('some broken handlers share a cluster; each broken cluster stands alone', () => {
  const many = Array.from({ length: 33 }, (_, index) => handler(`fault-${index}`, 'x/y'));
  const stages = stagesOf([...many, cluster('one', 'x/y'), cluster('two', 'x/y')].flatMap(pairsOf), checks);
  expect(stages.map(({ name, pairs }) => [name, pairs.length])).toEqual([
    ['handlers-1', 33],
    ['handlers-2', 33],
    ['cluster/one', 1],
    ['cluster/two', 1],
  ]);
  expect(stages.map(({ mostlyWaits }) => mostlyWaits)).toEqual([false, false, true, true]);
});

test('what takes longest comes first: paths, and of these those of more handlers', () => {
  const paths = 'tenant-network/default-deny-stops-tcp';
  const ofTwo = { ...cluster('two-with-paths'), red: under(['runc', 'gvisor'], [paths]) };
  const stages = stagesOf([cluster('short', 'x/y'), cluster('with-paths', paths), ofTwo].flatMap(pairsOf), checks);
  expect(stages.map(({ name }) => name)).toEqual(['cluster/two-with-paths', 'cluster/with-paths', 'cluster/short']);
});

test('a broken handler under which paths are tried has its cluster to itself', () => {
  const paths = { ...handler('paths', 'x/y'), besides: ['tenant-network/default-deny-stops-tcp'] };
  const stages = stagesOf([handler('fault', 'x/y'), paths].flatMap(pairsOf), checks);
  expect(stages.map(({ name, pairs }) => [name, pairs.length])).toEqual([
    ['handlers-1', 2],
    ['runtime/paths', 2],
  ]);
});

const ids = (breach: Breach) => checksOf(pairsOf(breach)[0]!, checks).map((check) => check.id);

test('a broken handler is asked all that an ordinary container tells, and more only where the breach shows there', () => {
  const ordinary = ids(handler('fault', 'namespace-escape/masked-paths-are-masked'));
  expect(ordinary).toContain('namespace-escape/root-pod-has-only-default-capabilities');
  expect(ordinary).not.toContain('namespace-escape/restricted-pod-has-no-capabilities');
  expect(ordinary).toContain('runtime-attribution/handler-is-what-it-claims');
  expect(ordinary).not.toContain('namespace-escape/host-path-socket-does-not-reach-the-node');
  expect(ordinary).not.toContain('tenant-network/default-deny-stops-tcp');
  expect(ordinary).not.toContain('runtime-attribution/every-check-has-one-verdict');
  expect(ids(handler('fault', 'namespace-escape/host-path-socket-does-not-reach-the-node'))).toContain(
    'namespace-escape/host-path-socket-does-not-reach-the-node',
  );
});

test('a process is executed under a broken handler only where that is what is broken', () => {
  const [one, other] = ['executed-process-is-filtered', 'executed-process-environment-is-the-pods-own'];
  const executes = (breach: Breach) => ids(breach).filter((id) => id.includes('executed'));
  expect(executes(handler('fault', 'namespace-escape/masked-paths-are-masked'))).toEqual([]);
  expect(executes(handler('fault', `namespace-escape/${one}`))).toEqual([`namespace-escape/${one}`]);
  expect(
    executes({ ...handler('fault', `namespace-escape/${one}`), besides: [`namespace-escape/${other}`] }).sort(),
  ).toEqual([`namespace-escape/${other}`, `namespace-escape/${one}`]);
  expect(executes(cluster('fault', `namespace-escape/${one}`))).toContain(`namespace-escape/${other}`);
});

test('a breach that shows in no check of its pods names one for which they are made', () => {
  const breach = { ...handler('fault', 'runtime-attribution/handler-is-what-it-claims') };
  expect(ids(breach)).not.toContain('tenant-network/default-deny-stops-tcp');
  expect(ids({ ...breach, besides: ['tenant-network/default-deny-stops-tcp'] })).toContain(
    'tenant-network/default-deny-stops-tcp',
  );
});

test('a broken cluster is asked what the same pods and paths tell', () => {
  expect(ids(cluster('fault', 'tenant-network/default-deny-stops-udp'))).toEqual([
    'tenant-network/default-deny-egress-stops-tcp',
    'tenant-network/default-deny-egress-stops-udp',
    'tenant-network/default-deny-stops-tcp',
    'tenant-network/default-deny-stops-udp',
    'tenant-network/tcp-is-open-without-a-policy',
    'tenant-network/udp-is-open-without-a-policy',
  ]);
  expect(ids(cluster('fault', 'runtime-attribution/missing-handler-does-not-start'))).toEqual([
    'runtime-attribution/missing-handler-does-not-start',
  ]);
});

test('each cell has the checks of its own breach', () => {
  const [socket, masked] = [
    handler('socket', 'namespace-escape/host-path-socket-does-not-reach-the-node'),
    handler('masked', 'namespace-escape/masked-paths-are-masked'),
  ].flatMap(pairsOf);
  const plan = planOf([socket!, masked!], checks);
  const check = plan.checks.find(({ id }) => id === 'namespace-escape/host-path-socket-does-not-reach-the-node')!;
  const cell = (runtimeClass: string | null) => ({ runtimeClass }) as Cell;
  expect(plan.applies(check, cell('socket-runc'))).toBe(true);
  expect(plan.applies(check, cell('masked-runc'))).toBe(false);
  expect(plan.applies(check, cell(null))).toBe(false);
  // A control of its own would be a container more for each, and so would be a second one that shows the same.
  expect(plan.ownControls).toBe(false);
  expect(plan.everywhere(cell('masked-runc'))).toBe(false);
});

test('a breach of some containers is looked for in all of them', () => {
  const some = handler('some', 'namespace-escape/masked-paths-are-masked');
  const means = { ...(some.means as BrokenHandler), editsWhen: { at: '/process/args' as const, has: 'x' } };
  const plan = planOf(pairsOf({ ...some, means }), checks);
  const cell = (runtimeClass: string | null) => ({ runtimeClass }) as Cell;
  expect(plan.everywhere(cell('some-runc'))).toBe(true);
  expect(plan.everywhere(cell(null))).toBe(false);
});
