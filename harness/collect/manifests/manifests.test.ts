import { expect, test } from 'vitest';
import { profiles } from '../../../fixtures/profiles.ts';
import { loadCatalogue } from '../../catalogue.ts';
import type { Cell } from '../../evidence.ts';
import { annotatedManifest } from './refused.ts';
import { subjectManifest } from './subject.ts';
import { targetOf } from './targets.ts';
import { clientManifest, serverManifest } from './tenants.ts';
import { witnessManifest } from './witness.ts';
import { mostEnds } from '../../plan/paths.ts';
import { makePlan } from '../../plan/plan.ts';

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
const catalogue = await loadCatalogue();
const plan = makePlan([...catalogue.values()], [asked, reference]);
const common = {
  plan,
  image: 'probe',
  lifetimes: { subject: 1, long: 1 },
  patience: { attempt: 1, connection: 1, answer: 1, tenantTry: 1, opening: 1, seen: 1, executed: 1 },
};

test('pods under test ask for user namespaces; those of the reference handler and the witness never do', () => {
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

test('what a container may be given after its start is looked at once more, and nothing that takes long or is done to the node', () => {
  interface Made {
    kind: string;
    flags?: string;
    again?: 1;
  }
  const again = new Set<string>();
  for (const subject of plan.subjects)
    for (const { env } of subjectManifest(common, subject, {}).spec!.containers)
      for (const made of (JSON.parse(env![0]!.value!) as { attempts: Made[] }).attempts)
        if (made.again) again.add(made.flags ? `${made.kind} ${made.flags}` : made.kind);
  expect([...again].sort()).toEqual([
    'addresses',
    'credentials',
    'devices',
    'files',
    'identity',
    'limits',
    'list',
    'mounts',
    'open w',
    'peek',
    'priority',
    'processes',
  ]);
});

test('the kubelet executes a process where one is looked at, named so that it finds its own container, and in no other', () => {
  const names = new Set<string>();
  for (const subject of plan.subjects)
    for (const [index, { args, env, startupProbe }] of subjectManifest(
      common,
      subject,
      {},
    ).spec!.containers.entries()) {
      const { attempts } = JSON.parse(env![0]!.value!) as { attempts: { kind: string }[] };
      expect([subject.name, args]).toEqual([subject.name, ['attempt']]);
      const command = startupProbe?.exec?.command;
      expect(command !== undefined, `${subject.name} ${index}`).toBe(attempts.some(({ kind }) => kind === 'executed'));
      if (!command) continue;
      expect(command.slice(0, 2)).toEqual(['/cofferdam-probe', 'executed']);
      expect(command[2]).toMatch(/^[0-9a-f]{32}$/);
      // Whoever reads the command line learns no nonce.
      expect(command[2]).not.toContain(subject.containers[index]!.nonce);
      names.add(command[2]!);
    }
  expect(names.size).toBe(6);
});

test('only the containers that ask with a token have one', () => {
  for (const subject of plan.subjects) {
    const { containers, volumes } = subjectManifest(common, subject, {}).spec!;
    for (const [index, { volumeMounts }] of containers.entries()) {
      const { hasToken = false } = profiles[subject.containers[index]!.profile];
      const mount = volumeMounts?.find(
        ({ mountPath }) => mountPath === '/var/run/secrets/kubernetes.io/serviceaccount',
      );
      expect(mount !== undefined, `${subject.name} ${index}`).toBe(hasToken);
      if (!mount) continue;
      expect(mount.readOnly).toBe(true);
      expect(volumes?.find(({ name }) => name === mount.name)?.projected?.sources).toEqual([
        { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
      ]);
    }
  }
});

test('a handler that is both under test and the reference has pods of either kind, told apart by their names', () => {
  const names = plan.subjects.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(['n0-crun-userns-workload', 'n0-crun-workload']));
});

test('a pod that asks for a weaker sandbox is like any other but for its annotation', () => {
  const made = annotatedManifest(common, { name: 'annotated', cell: asked, nonce: 'n' });
  expect(made.metadata?.annotations).toEqual({ 'dev.gvisor.flag.net-raw': 'true' });
  const [probe] = made.spec!.containers;
  expect(probe!.securityContext).toEqual(profiles['default-root'].securityContext);
  expect(JSON.parse(probe!.env![0]!.value!)).toMatchObject({
    nonce: 'n',
    attempts: [{ kind: 'call', call: 'socket_af_packet' }],
  });
});

test('a client tries every address of a server and the other ports of an ordinary one, and names them by what is other', () => {
  const [client] = plan.clients;
  const at = { cluster: ['10.0.0.1', 'fd00::1'], linkLocal: 'fe80::1' };
  const servers = new Map(plan.servers.map(({ name }) => [name, at]));
  const [container] = clientManifest(common, client!, servers).spec!.containers;
  const { targets } = JSON.parse(container!.env![0]!.value!) as { targets: { id: string; address: string }[] };
  const ofClient = plan.paths.filter((one) => one.client === client!.name);
  const flushing = ofClient.find(({ server }) => server === 'flushing');
  for (const [network, ports] of [
    ['tcp', [31_001, 22, 53, 80, 443, 8080]],
    ['udp', [31_001, 53, 443]],
  ] as const) {
    const path = ofClient.find((one) => one.server === 'plain' && one.network === network);
    const name = targetOf(path!);
    expect(targets.filter(({ id }) => id.startsWith(name))).toEqual([
      { id: name, network, address: '10.0.0.1:7001', morePorts: ports },
      { id: `${name}-ipv6`, network, address: '[fd00::1]:7001' },
      { id: `${name}-link-local`, network, address: '[fe80::1]:7001', optional: true },
    ]);
  }
  expect(targets.filter(({ id }) => id.startsWith(targetOf(flushing!))).map(({ address }) => address)).toEqual([
    '10.0.0.1:7001',
    '[fd00::1]:7001',
    '[fe80::1]:7001',
  ]);
  expect(new Set(targets.map(({ id }) => id)).size).toBe(targets.length);
});

test('the job of a client fits into a variable of its environment, whatever the cells are called', () => {
  const handler = 'A'.repeat(63);
  const many = Array.from({ length: mostEnds }, (_, index) =>
    cell(`${handler}/${index}`, { node: `${index}`, handler, tested: true }),
  );
  const references = many.map(({ node }) => cell(`crun/${node}`, { node, reference: true }));
  const paths = [...catalogue.values()].filter(({ scope }) => scope === 'path');
  const ofMany = makePlan(paths, [...many, ...references]);
  const at = { cluster: ['255.255.255.255', `fd00${':ffff'.repeat(7)}`], linkLocal: `fe80${':ffff'.repeat(7)}` };
  const servers = new Map(ofMany.servers.map(({ name }) => [name, at]));
  const [container] = clientManifest({ ...common, plan: ofMany }, ofMany.clients.at(-1)!, servers).spec!.containers;
  const [job] = container!.env!;
  // execve(2), MAX_ARG_STRLEN: the name, the sign between, and what ends it are part of it.
  expect(`${job!.name}=${job!.value!}`.length + 1).toBeLessThanOrEqual(128 * 1024);
});

test('an ordinary server listens on the other ports, for which it may listen below 1024, and nothing else', () => {
  const server = plan.servers.find((one) => one.server === 'plain');
  const [container] = serverManifest(common, server!).spec!.containers;
  expect(JSON.parse(container!.env![0]!.value!)).toMatchObject({ morePorts: [31_001, 22, 53, 80, 443, 8080] });
  expect(container!.securityContext).toMatchObject({
    runAsUser: 0,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
  });
});
