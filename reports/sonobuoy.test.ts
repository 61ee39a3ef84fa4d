import { loadYaml } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import type { JudgedCheck, Run } from '../harness/evidence.ts';
import { sonobuoy } from './sonobuoy.ts';
import { fakeAccepted, fakeRun, fakeVerdict } from './testing.ts';

interface Item {
  name: string;
  status: string;
  meta?: Record<string, string>;
  details?: Record<string, string>;
  items: Item[];
}

const write = (verdicts: JudgedCheck[], changes: Partial<Run> = {}) =>
  loadYaml<Item>(sonobuoy(fakeRun(verdicts, changes)));

it.each([
  ['held', 'passed', 'passed'],
  ['breached', 'failed', 'failed'],
  ['inconclusive', 'unknown', 'unknown'],
  ['exposed', 'skipped', 'skipped'],
] as const)('%s is %s', (verdict, status, ofRun) => {
  const tree = write([fakeVerdict({ verdict })]);
  expect(tree.items.at(-1)).toMatchObject({ status, items: [{ status }] });
  expect(tree.status).toBe(ofRun);
});

it('is never passed when nothing was decided', () => {
  expect(write([fakeVerdict({ verdict: 'not-applicable' })])).toMatchObject({
    status: 'unknown',
    items: [{ name: 'some-check-was-decided', status: 'unknown' }, { status: 'skipped' }],
  });
  expect(write([]).status).toBe('unknown');
  const interrupted = { run: { ...fakeRun([]).run, interrupted: 'SIGTERM' } };
  expect(write([fakeVerdict()], interrupted).status).toBe('unknown');
});

it('shows in each branch the worst of its leaves', () => {
  const tree = write([
    fakeVerdict(),
    fakeVerdict({ check: 'kernel-isolation/b', verdict: 'inconclusive' }),
    fakeVerdict({ node: 'node-b', verdict: 'exposed' }),
    fakeVerdict({ check: 'kernel-isolation/b', node: 'node-b' }),
    fakeVerdict({ node: 'node-c', verdict: 'breached' }),
    fakeVerdict({ check: 'kernel-isolation/b', node: 'node-c', verdict: 'inconclusive' }),
  ]);
  expect(tree.items.map((one) => [one.name, one.status])).toEqual([
    ['kernel-isolation.kata-qemu.node-a', 'unknown'],
    ['kernel-isolation.kata-qemu.node-b', 'passed'],
    ['kernel-isolation.kata-qemu.node-c', 'failed'],
  ]);
});

it('skips what somebody accepts, and fails for what nobody does', () => {
  const { verdicts, deviations } = fakeAccepted();
  const tree = write([fakeVerdict({ check: 'kernel-isolation/b' }), ...verdicts], { deviations });
  expect(tree).toMatchObject({ status: 'passed', meta: { 'deviations.accepted': '1' } });
  expect(tree.items[0]!.items[1]).toMatchObject({
    status: 'skipped',
    meta: { verdict: 'breached', 'deviation.expires': '2027-03-31' },
    details: { output: 'breached, accepted until 2027-03-31 by Jo Doe: Ticket 4711.: the node answered' },
  });
  const another = fakeVerdict({ node: 'node-b', verdict: 'breached' });
  expect(write([...verdicts, another], { deviations }).status).toBe('failed');
});

it('keeps paths of one check apart, which JUnit does not in Sonobuoy', () => {
  const check = 'tenant-network/default-deny-stops-tcp';
  const tree = write([
    fakeVerdict({ check, to: { node: 'node-a', handler: 'runc' } }),
    fakeVerdict({ check, to: { node: 'node-a', handler: 'kata-qemu' } }),
  ]);
  expect(new Set(tree.items.map((one) => one.name)).size).toBe(2);
});

it('says why under the key that Sonobuoy shows', () => {
  const reason = 'the node answered';
  const [leaf] = write([fakeVerdict({ verdict: 'breached', reason })]).items[0]!.items;
  expect(leaf!.details).toMatchObject({ failure: 'breached: the node answered' });
});
