import type { V1Node, V1RuntimeClass } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { cellsOf, testable } from './discover.ts';
import { UsageError } from '../usage.ts';
import type { Selection } from './discover.ts';

const node = (name: string, labels: Record<string, string> = {}): V1Node => ({ metadata: { name, labels } });
const runtimeClass = (name: string, handler: string, nodeSelector?: Record<string, string>): V1RuntimeClass => ({
  metadata: { name },
  handler,
  ...(nodeSelector && { scheduling: { nodeSelector } }),
});
const all: Selection = { runtimeClasses: [], claims: new Map(), reference: undefined, nodes: undefined };
const cells = (classes: V1RuntimeClass[], selection: Partial<Selection> = {}, nodes = [node('a')]) =>
  cellsOf(nodes, classes, { ...all, ...selection }).cells;
const brief = (list: ReturnType<typeof cells>) =>
  list.map(
    (cell) =>
      `${cell.id} ${String(cell.isolationClass)}${cell.tested ? ' tested' : ''}${cell.reference ? ' reference' : ''}`,
  );

const usual = [runtimeClass('runc', 'runc'), runtimeClass('gvisor', 'runsc')];

describe('nodes', () => {
  const ready = (name: string, rest: Partial<V1Node> = {}): V1Node => ({
    metadata: { name },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
    ...rest,
  });
  const windows = ready('windows', {
    status: {
      conditions: [{ type: 'Ready', status: 'True' }],
      nodeInfo: { operatingSystem: 'windows' } as NonNullable<NonNullable<V1Node['status']>['nodeInfo']>,
    },
  });
  const fargate = ready('fargate', {
    metadata: { name: 'fargate', labels: { 'eks.amazonaws.com/compute-type': 'fargate' } },
  });
  const labelled = ready('labelled', { metadata: { name: 'labelled', labels: { type: 'virtual-kubelet' } } });
  const tainted = ready('tainted', {
    spec: { taints: [{ key: 'virtual-kubelet.io/provider', value: 'azure', effect: 'NoSchedule' }] },
  });
  const machine = ready('machine', {
    metadata: { name: 'machine', labels: { 'eks.amazonaws.com/compute-type': 'ec2', type: 'fast' } },
    spec: { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] },
  });
  const names = (nodes: readonly V1Node[]) => nodes.map(({ metadata }) => metadata?.name);

  test('are those that are ready and run Linux', () => {
    const { nodes, notes } = testable([machine, windows, node('down')], all);
    expect(names(nodes)).toEqual(['machine']);
    expect(notes).toEqual(['left out, not a ready Linux node: windows, down']);
  });
  test('are machines: for others a service stands, unless somebody asks for it', () => {
    const found = [machine, fargate, labelled, tainted];
    const { nodes, notes } = testable(found, all);
    expect(names(nodes)).toEqual(['machine']);
    expect(notes).toEqual([expect.stringMatching(/^left out, a service .*: fargate, labelled, tainted$/)]);
    expect(testable(found, { ...all, nodes: 'type' })).toEqual({ nodes: found, notes: [] });
  });
});

describe('cells', () => {
  test('are every RuntimeClass on every node, and the default handler as the reference', () => {
    expect(brief(cells(usual, {}, [node('a'), node('b')]))).toEqual([
      'runc/a shared-kernel tested',
      'runc/b shared-kernel tested',
      'runsc/a application-kernel tested',
      'runsc/b application-kernel tested',
      '(default)/a shared-kernel reference',
      '(default)/b shared-kernel reference',
    ]);
  });
  test('serve as reference when they are named so', () => {
    expect(brief(cells(usual, { reference: 'runc' }))).toEqual([
      'runc/a shared-kernel tested reference',
      'runsc/a application-kernel tested',
    ]);
  });
  test('of a reference that nobody asked to test have no verdicts', () => {
    expect(brief(cells(usual, { runtimeClasses: ['gvisor'], reference: 'runc' }))).toEqual([
      'runsc/a application-kernel tested',
      'runc/a shared-kernel reference',
    ]);
  });
  test('keep to the nodes of a RuntimeClass', () => {
    const kata = runtimeClass('kata', 'kata-qemu', { kvm: 'yes' });
    expect(
      brief(cells([kata], {}, [node('a'), node('b', { kvm: 'yes' })])).filter((one) => one.includes('tested')),
    ).toEqual(['kata-qemu/b guest-kernel tested']);
  });
  test('of a handler that nobody knows have no class', () => {
    expect(cells([runtimeClass('fast', 'mycontainer')])[0]).toMatchObject({
      isolationClass: null,
      claimedBy: 'nobody',
    });
  });
  test('take the class that the user states, by handler or by RuntimeClass', () => {
    for (const name of ['fast', 'mycontainer']) {
      const claims = new Map([[name, 'guest-kernel']] as const);
      expect(cells([runtimeClass('fast', 'mycontainer')], { claims })[0]).toMatchObject({
        isolationClass: 'guest-kernel',
        claimedBy: '--claim',
      });
    }
  });
  test('are held to the stronger promise when RuntimeClass and handler promise different things', () => {
    expect(cells([runtimeClass('gvisor', 'runc')])[0]).toMatchObject({
      isolationClass: 'application-kernel',
      claimedBy: 'RuntimeClass gvisor is named as gVisor',
    });
    expect(cells([runtimeClass('runc', 'kata-qemu')])[0]).toMatchObject({ isolationClass: 'guest-kernel' });
  });
  test('of two RuntimeClasses with one handler are one, unless they promise different things', () => {
    expect(
      brief(cells([runtimeClass('runc', 'runc'), runtimeClass('plain', 'runc')])).filter((one) =>
        one.includes('tested'),
      ),
    ).toEqual(['runc/a shared-kernel tested']);
    expect(
      brief(cells([runtimeClass('runc', 'runc'), runtimeClass('gvisor', 'runc')])).filter((one) =>
        one.includes('tested'),
      ),
    ).toEqual(['runc/a shared-kernel tested', 'runc@gvisor/a application-kernel tested']);
  });
  test('are the default handler alone where there is no RuntimeClass', () => {
    expect(brief(cells([]))).toEqual(['(default)/a shared-kernel tested reference']);
  });
  test('that no node has are left out, unless they are named or promise isolation', () => {
    const handlers = (name: string, ...names: string[]): V1Node => ({
      metadata: { name },
      status: { runtimeHandlers: ['', ...names].map((one) => ({ name: one })) },
    });
    const nodes = [handlers('a', 'runc', 'nvidia'), handlers('b', 'runc')];
    const k3s = [runtimeClass('nvidia', 'nvidia'), runtimeClass('crun', 'crun'), runtimeClass('kata', 'kata')];
    const found = cellsOf(nodes, k3s, all);
    expect(brief(found.cells).filter((one) => one.includes('tested'))).toEqual([
      'nvidia/a null tested',
      'kata/a guest-kernel tested',
      'kata/b guest-kernel tested',
    ]);
    expect(found.notes).toEqual([
      expect.stringMatching(
        /^left out, .*: RuntimeClass nvidia \(handler nvidia, on b\), crun \(handler crun, on a, b\);/,
      ),
    ]);
    expect(brief(cells(k3s, { runtimeClasses: ['crun'] }, nodes)).slice(0, 2)).toEqual([
      'crun/a shared-kernel tested',
      'crun/b shared-kernel tested',
    ]);
    const claims = new Map([['nvidia', 'guest-kernel' as const]]);
    expect(brief(cells(k3s, { claims }, nodes))).toContain('nvidia/b guest-kernel tested');
    expect(brief(cells(k3s.slice(1, 2), {}, nodes)), 'the default handler where nothing else is left').toEqual([
      '(default)/a shared-kernel tested reference',
      '(default)/b shared-kernel tested reference',
    ]);
    expect(brief(cells(k3s.slice(1, 2), {}, [node('old')])), 'a node that names no handlers').toContain(
      'crun/old shared-kernel tested',
    );
  });
  test('do not count what a killed run left', () => {
    const left = runtimeClass('cofferdam-1-missing', 'none');
    left.metadata!.labels = { 'app.kubernetes.io/managed-by': 'cofferdam' };
    expect(brief(cells([left, ...usual])).some((one) => one.includes('none'))).toBe(false);
  });
});

describe('cells with user namespaces', () => {
  const able = (handler: string, userNamespaces: boolean) => ({ name: handler, features: { userNamespaces } });
  const one: V1Node = {
    metadata: { name: 'a' },
    status: { runtimeHandlers: [able('', true), able('crun', true), able('runsc', false), { name: 'kata' }] },
  };
  const crun = runtimeClass('crun', 'crun');
  const wanted = { runtimeClasses: ['crun'], reference: 'crun', userNamespaces: true };
  test('are other cells than the reference, whose pods have to get through', () => {
    const found = cells([crun], wanted, [one]);
    expect(brief(found)).toEqual(['crun+user-namespaces/a shared-kernel tested', 'crun/a shared-kernel reference']);
    expect(found.map((cell) => [cell.handler, cell.userNamespaces])).toEqual([
      ['crun', true],
      ['crun', undefined],
    ]);
  });
  test('are asked of no handler that has none', () => {
    for (const handler of ['runsc', 'kata', 'unheard-of']) {
      expect(() =>
        cells([crun, runtimeClass('other', handler)], { ...wanted, runtimeClasses: ['other'] }, [one]),
      ).toThrow(
        `--user-namespaces: RuntimeClass other has handler ${handler}, which makes no user namespaces on node a by the node's own status; name others with --runtime-class (handlers that do: crun)`,
      );
    }
    expect(() => cells([], { userNamespaces: true }, [one])).toThrow(UsageError);
  });
});

describe('a selection that cannot be', () => {
  const message = (selection: Partial<Selection>, classes = usual, nodes = [node('a')]) => {
    try {
      cells(classes, selection, nodes);
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      return (error as Error).message;
    }
    return undefined;
  };
  test('names what there is', () => {
    expect(message({ runtimeClasses: ['kata'] })).toBe('the cluster has no RuntimeClass kata (it has: gvisor, runc)');
    expect(message({ claims: new Map([['x', 'guest-kernel']]) })).toContain(
      'neither a handler nor a RuntimeClass of that name',
    );
  });
  test('RuntimeClasses that may run on none of the nodes', () => {
    const elsewhere = runtimeClass('kata', 'kata', { kvm: 'yes' });
    expect(message({ runtimeClasses: ['kata'] }, [elsewhere])).toContain('none of the nodes may run kata');
  });
  test('a reference that does not share the kernel', () => {
    expect(message({ reference: 'gvisor' })).toContain('the reference must be a shared-kernel handler such as runc');
  });
  test('a reference that may not run where it is needed', () => {
    const classes = [runtimeClass('runc', 'runc', { only: 'b' }), runtimeClass('gvisor', 'runsc')];
    expect(message({ reference: 'runc' }, classes, [node('a'), node('b', { only: 'b' })])).toContain(
      'there is no control there',
    );
  });
});
