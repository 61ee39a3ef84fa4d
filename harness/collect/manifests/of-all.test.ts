import type { V1Container, V1Pod } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { profiles } from '../../../fixtures/profiles.ts';
import { loadCatalogue } from '../../catalogue.ts';
import { annotatedManifest, missingHandlerManifest } from './refused.ts';
import { subjectManifest } from './subject.ts';
import { clientManifest, serverManifest } from './tenants.ts';
import { witnessManifest } from './witness.ts';
import { makePlan } from '../../plan/plan.ts';
import { cellOf, gvisor, runc } from '../../testing/evidence.ts';

/** All pods that a run of the whole catalogue sends: what is asked of a pod is asked of each of them. */
const cells = [runc, gvisor, cellOf('kata', 'guest-kernel')];
const plan = makePlan([...(await loadCatalogue()).values()], cells);
const common = {
  plan,
  image: 'probe',
  lifetimes: { subject: 300, long: 3000 },
  patience: { attempt: 1, connection: 1, answer: 1, tenantTry: 1, opening: 1, seen: 1, executed: 1 },
};
const addresses = new Map(plan.servers.map(({ name }) => [name, { cluster: ['10.0.0.1', 'fd00::1'] }]));

const byRole: Record<string, V1Pod[]> = {
  subject: plan.subjects.map((one) => subjectManifest(common, one, {})),
  witness: plan.witnesses.map((one) => witnessManifest(common, one)),
  server: plan.servers.map((one) => serverManifest(common, one)),
  client: plan.clients.map((one) => clientManifest(common, one, addresses)),
  annotated: plan.annotated.map((one) => annotatedManifest(common, one)),
  'missing-handler': [missingHandlerManifest(common, runc, 'missing-handler-0', plan.missingHandler!.runtimeClass)],
};
const pods = Object.values(byRole).flat();
const nameOf = ({ metadata }: V1Pod): string => metadata?.name ?? '';
/** What all pods have of this, by pod, so that a failure names the pod. */
const eachHas = (of: (pod: V1Pod) => unknown) => Object.fromEntries(pods.map((pod) => [nameOf(pod), of(pod)]));
const all = (value: unknown) => Object.fromEntries(pods.map((pod) => [nameOf(pod), value]));

test('the plan has pods of every role, each with a name of its own', () => {
  expect(Object.entries(byRole).filter(([, ofRole]) => ofRole.length === 0)).toEqual([]);
  expect(new Set(pods.map(nameOf)).size).toBe(pods.length);
});

describe('every pod', () => {
  test('ends on the cluster by itself, and is not started again', () => {
    const longLived = new Set([...byRole['witness']!, ...byRole['server']!, ...byRole['client']!].map(nameOf));
    expect(eachHas(({ spec }) => spec?.activeDeadlineSeconds)).toEqual(
      eachHas((pod) => (longLived.has(nameOf(pod)) ? 3000 : 300)),
    );
    expect(eachHas(({ spec }) => spec?.restartPolicy)).toEqual(all('Never'));
  });

  test('is labelled as the run’s, and by its role, and is in one of its namespaces', () => {
    for (const [role, ofRole] of Object.entries(byRole))
      for (const { metadata } of ofRole)
        expect(metadata?.labels).toEqual({
          'app.kubernetes.io/managed-by': 'cofferdam',
          'cofferdam.dev/run': plan.runId,
          'cofferdam.dev/role': role,
        });
    const namespaces = [plan.namespace, plan.tenants.client, plan.tenants.server];
    expect(pods.filter(({ metadata }) => !namespaces.includes(metadata?.namespace ?? '')).map(nameOf)).toEqual([]);
  });

  test('is pinned to its node, whatever keeps others off it, and chosen by the scheduler', () => {
    const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }] }];
    expect(
      eachHas(
        ({ spec }) => spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms,
      ),
    ).toEqual(all(terms));
    expect(eachHas(({ spec }) => spec?.tolerations)).toEqual(all([{ operator: 'Exists' }]));
    expect(eachHas(({ spec }) => spec?.nodeName)).toEqual(all(undefined));
  });

  test('has no token mounted by itself', () => {
    // A container that asks with a token has a volume for it: see manifests.test.ts.
    expect(eachHas(({ spec }) => spec?.automountServiceAccountToken)).toEqual(all(false));
  });

  test('runs under the RuntimeClass of its cell', () => {
    const of = (planned: { name: string; cell: { runtimeClass: string | null } }[]) =>
      planned.map(({ name, cell }) => [name, cell.runtimeClass]);
    const { subjects, witnesses, servers, clients, annotated } = plan;
    expect(eachHas(({ spec }) => spec?.runtimeClassName)).toEqual(
      Object.fromEntries([
        ...of([...subjects, ...witnesses, ...servers, ...clients, ...annotated]),
        ['missing-handler-0', plan.missingHandler!.runtimeClass],
      ]),
    );
  });
});

test('every container is limited in memory and processor time, but for those that are there to be unlimited', () => {
  const unlimited = plan.subjects.flatMap(({ name, containers }) =>
    containers.filter(({ profile }) => profiles[profile].unlimited).map((one) => `${name}/${one.name}`),
  );
  expect(unlimited).not.toEqual([]);
  const without = (what: 'limits' | 'requests') =>
    pods.flatMap((pod) =>
      pod
        .spec!.containers.filter(
          ({ resources }: V1Container) => !resources?.[what]?.['cpu'] || !resources[what]['memory'],
        )
        .map(({ name }) => `${nameOf(pod)}/${name}`),
    );
  expect(without('limits')).toEqual(unlimited);
  expect(without('requests')).toEqual([]);
});
