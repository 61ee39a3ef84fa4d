import { expect, test } from 'vitest';
import { loadCatalogue } from './catalogue.ts';
import type { Cell } from './evidence.ts';
import { clientManifest, serverManifest, subjectManifest, witnessManifest } from './manifests.ts';
import { makePlan } from './plan.ts';

const cell = (id: string, rest: Partial<Cell>): Cell => ({
  id,
  node: 'a',
  handler: 'crun',
  runtimeClass: 'crun',
  isolationClass: 'shared-kernel',
  claimedBy: 'test',
  tested: false,
  reference: false,
  ...rest,
});
const asked = cell('crun+user-namespaces/a', { tested: true, userNamespaces: true });
const reference = cell('crun/a', { reference: true });
const plan = makePlan([...(await loadCatalogue()).values()], [asked, reference]);
const common = {
  plan,
  image: 'probe',
  lifetimes: { subject: 1, long: 1 },
  patience: { attempt: 1, connection: 1, tenantTry: 1, opening: 1 },
};

test('pods under test ask for user namespaces; controls and the witness never do', () => {
  const asks = (pod: { spec?: { hostUsers?: boolean } }) => pod.spec?.hostUsers;
  for (const subject of plan.subjects)
    expect([subject.name, asks(subjectManifest(common, subject, {}))]).toEqual([
      subject.name,
      subject.cell === asked ? false : undefined,
    ]);
  for (const server of plan.servers) expect(asks(serverManifest(common, server))).toBe(false);
  for (const client of plan.clients) expect(asks(clientManifest(common, client, new Map()))).toBe(false);
  for (const witness of plan.witnesses) expect(asks(witnessManifest(common, witness))).toBeUndefined();
});

test('a handler that is both under test and the reference has pods of either kind, told apart by their names', () => {
  const names = plan.subjects.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(['n0-crun-userns-workload', 'n0-crun-workload']));
});
