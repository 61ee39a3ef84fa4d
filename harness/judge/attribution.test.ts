import { describe, expect, test } from 'vitest';
import { attribution, completeness, missingHandler, podView } from './attribution.ts';
import type { Check } from '../check.ts';
import type { Cell, ContainerEvidence, Evidence } from '../evidence.ts';
import { cellOf, evidenceOf, gvisor, nodeBoot, runc, subject, witness } from '../testing/evidence.ts';
import type { WitnessTells } from '../testing/evidence.ts';
import { nodeView } from './witness.ts';

const elsewhere = cellOf('runc', 'shared-kernel', { id: 'runc/m', node: 'm', reference: true });
const process = (rest: Partial<NonNullable<WitnessTells['processes']>[number]>) => ({
  podUid: 'uid-runsc',
  exe: '',
  argv: '',
  comm: 'x',
  ...rest,
});

function fromNode(
  processes: NonNullable<WitnessTells['processes']>,
  rest: { cell?: Cell; containers?: ContainerEvidence[]; tells?: WitnessTells } = {},
) {
  const { cell = gvisor, tells } = rest;
  const containers = rest.containers ?? [
    witness({ processes, ...tells }),
    subject(runc, nodeBoot),
    subject(gvisor, 'own'),
  ];
  const evidence = evidenceOf(containers, { cells: [elsewhere, runc, cell] });
  return attribution(cell, nodeView(evidence, 'n'), evidence);
}

function seenBy(containers: ContainerEvidence[]): [ReturnType<typeof nodeView>, Evidence] {
  const evidence = evidenceOf(containers, { cells: [elsewhere, runc, gvisor] });
  return [nodeView(evidence, 'n'), evidence];
}

describe('from the node', () => {
  test.each([
    ['runsc-sandbox --root=/run boot', ''],
    ['/usr/local/bin/runsc boot', ''],
    ['runsc-gofer\0--root', ''],
    ['', '/usr/local/bin/runsc'],
    ['exe', 'runsc'],
  ])('gVisor is told by %j, %j', (argv, exe) =>
    expect(fromNode([process({ argv, exe })]).subject).toMatchObject({
      kind: 'absent',
      seen: expect.stringContaining('gVisor') as string,
    }),
  );
  test.each([
    '/opt/kata/bin/qemu-system-x86_64',
    'qemu-system-aarch64',
    '/usr/bin/cloud-hypervisor',
    '/usr/bin/firecracker',
    'stratovirt',
  ])('a machine is told by %s', (exe) => {
    expect(fromNode([process({ exe })], { cell: cellOf('runsc', 'guest-kernel') }).subject.kind).toBe('absent');
    expect(fromNode([process({ exe })]).subject).toMatchObject({
      kind: 'reached',
      seen: expect.stringContaining('it is guest-kernel, claimed application-kernel (test)') as string,
    });
  });
  test.each([
    { exe: '/usr/bin/notrunsc' },
    { exe: '/usr/bin/sleep', argv: 'sleep runsc' },
    { exe: '/x', argv: '/x\0/usr/bin/runsc' },
    { exe: 'xqemu-system-x86_64' },
    { exe: '/usr/bin/runsc', podUid: 'uid-other' },
  ])('%j is no sandbox of the pod', (other) => expect(fromNode([process(other)]).subject.kind).toBe('undecided'));

  test.each([
    ['the handler that was asked for', 'runsc', 'absent'],
    ['another one', 'runc', 'reached'],
  ])('the container engine wrote down %s', (_, handler, kind) => {
    const tells = { sandboxes: [{ id: 's', podUid: 'uid-runsc', shim: 'x', handler }] };
    const sandbox = process({ argv: 'runsc-sandbox boot' });
    expect(fromNode([sandbox], { tells }).subject.kind).toBe(kind);
    // The cell of a second RuntimeClass of the handler, with another claim.
    const cell = { ...gvisor, handler: 'runsc@other' };
    expect(fromNode([sandbox], { tells, cell }).subject.kind).toBe(kind);
  });
  test.each([
    ['the handler that was asked for', 'runsc', 'absent'],
    ['another one', 'runc', 'reached'],
    ['none, as of its default', '', 'absent'],
  ])('the container engine tells in the CRI of %s', (_, handler, kind) => {
    const tells = { records: [{ id: 's', podUid: 'uid-runsc', handler }] };
    const sandbox = process({ argv: 'runsc-sandbox boot' });
    expect(fromNode([sandbox], { tells }).subject.kind).toBe(kind);
    // Another pod's tells nothing, and who names no RuntimeClass asks for no handler.
    const others = { records: [{ id: 's', podUid: 'uid-other', handler }] };
    expect(fromNode([sandbox], { tells: others }).subject.kind).toBe('absent');
    expect(fromNode([sandbox], { tells, cell: { ...gvisor, runtimeClass: null } }).subject.kind).toBe('absent');
  });
  test('a process of nobody’s pod is not the pod’s, though its UID is not known either', () => {
    const { podUid: _, ...nobody } = process({ exe: '/usr/bin/runsc' });
    const unknown = { ...subject(gvisor, 'own') };
    delete unknown.podUid;
    const seen = witness({ processes: [nobody as ReturnType<typeof process>], pods: ['runc', 'runsc'] });
    seen.observations = [...seen.observations, { id: 'census', kind: 'pod', value: { uid: '' } }];
    expect(fromNode([], { containers: [seen, subject(runc, nodeBoot), unknown] }).subject.kind).toBe('undecided');
  });
  test('one container that the node’s kernel answers makes a shared kernel of the cell', () => {
    const two = [subject(gvisor, 'own'), subject(gvisor, nodeBoot, { container: 'privileged' })];
    expect(
      fromNode([], {
        containers: [witness({ processes: [process({ exe: 'runsc' })] }), subject(runc, nodeBoot), ...two],
      }).subject,
    ).toMatchObject({
      kind: 'reached',
      seen: expect.stringContaining('it is shared-kernel') as string,
    });
  });
  test('one container of which it is unknown leaves the cell undecided', () => {
    const two = [subject(gvisor, 'own'), subject(gvisor, undefined, { container: 'privileged' })];
    expect(
      fromNode([], {
        containers: [witness({ processes: [process({ exe: 'runsc' })] }), subject(runc, nodeBoot), ...two],
      }).subject.kind,
    ).toBe('undecided');
  });
  test.each(['client', 'server'] as const)(
    'a %s that the node’s kernel answers makes a shared kernel of the cell',
    (role) => {
      const tenant = subject(gvisor, nodeBoot, { pod: 'tenant', podUid: 'uid-tenant', role });
      const containers = [
        witness({ processes: [process({ exe: 'runsc' })] }),
        subject(runc, nodeBoot),
        subject(gvisor, 'own'),
        tenant,
      ];
      expect(fromNode([], { containers }).subject).toMatchObject({
        kind: 'reached',
        seen: expect.stringContaining('it is shared-kernel') as string,
      });
      expect(podView(gvisor, ...seenBy(containers)).subject.kind).toBe('reached');
      // It has no verdict that one could lend to the handler, as it does not vouch for its own log.
      const cut = [...containers.slice(0, 3), { ...tenant, complete: false }];
      expect(fromNode([], { containers: cut }).subject.kind).toBe('absent');
    },
  );
  test('a tenant that had gone before the witness stood leaves nothing undecided, and decides nothing', () => {
    const tenant = subject(gvisor, 'own', { pod: 'tenant', podUid: 'uid-tenant', role: 'server' });
    const sentry = process({ exe: 'runsc' });
    const of = (...containers: ContainerEvidence[]) =>
      fromNode([], { containers: [witness({ processes: [sentry] }), subject(runc, nodeBoot), ...containers] }).subject;
    expect(of(subject(gvisor, 'own'), tenant).kind).toBe('absent');
    expect(of(tenant)).toEqual({ kind: 'undecided', why: 'no pod of this cell ran' });
  });
  test('a container without a word, or of another cell or role, is not asked', () => {
    const others = [
      subject(gvisor, 'own', { observations: [], complete: false }),
      subject(gvisor, nodeBoot, { role: 'witness' }),
      subject(gvisor, 'own', { container: 'restricted' }),
    ];
    const containers = [witness({ processes: [process({ exe: 'runsc' })] }), subject(runc, nodeBoot), ...others];
    expect(fromNode([], { containers }).subject.kind).toBe('absent');
    expect(fromNode([], { containers: [witness(), subject(runc, nodeBoot)] }).subject).toEqual({
      kind: 'undecided',
      why: 'no pod of this cell ran',
    });
  });
  test('nothing is told without a witness', () =>
    expect(fromNode([], { containers: [subject(runc, nodeBoot), subject(gvisor, 'own')] })).toMatchObject({
      subject: { kind: 'undecided', why: 'no witness ran on the node' },
      witness: 'incomplete',
    }));
  test('the witness says whether it watched to the end', () => {
    expect(fromNode([]).witness).toBe('complete');
    expect(fromNode([], { tells: { complete: false } }).witness).toBe('incomplete');
  });
  test('the control is that the same look finds the reference of this node', () => {
    expect(fromNode([]).control).toMatchObject({ kind: 'reached' });
    const containers = (...more: ContainerEvidence[]) => ({
      containers: [witness({ marks: [] }), subject(gvisor, 'own'), ...more],
    });
    expect(fromNode([], containers(subject(runc, 'own'))).control).toMatchObject({ kind: 'not-attempted' });
    expect(fromNode([], containers()).control).toEqual({ kind: 'not-attempted', why: 'no reference pod ran' });
    expect(fromNode([], containers({ ...subject(runc, nodeBoot), cell: elsewhere.id })).control?.kind).toBe(
      'not-attempted',
    );
    expect(fromNode([], containers(subject(runc, 'own'), subject(runc, nodeBoot))).control?.kind).toBe('reached');
  });
});

describe('from inside', () => {
  const from = (containers: ContainerEvidence[], cell: Cell = gvisor) => {
    const evidence = evidenceOf([witness(), ...containers], { cells: [elsewhere, runc, cell] });
    return podView(cell, nodeView(evidence, 'n'), evidence);
  };
  const shows = (value: Record<string, unknown>, rest: Partial<ContainerEvidence> = {}) =>
    subject(gvisor, undefined, { observations: [{ id: 'i', kind: 'identity', value }], ...rest });
  const reference = subject(runc, nodeBoot);

  test('gVisor shows itself by its kernel log', () => {
    expect(from([reference, shows({ bootId: 'own', gvisor: true })]).subject.kind).toBe('absent');
    expect(from([reference, shows({ bootId: 'own', gvisor: 'true' })]).subject.kind).toBe('reached');
    expect(from([reference, shows({ bootId: 'own' }), shows({ bootId: 'own', gvisor: true })]).subject.kind).toBe(
      'absent',
    );
  });
  test('a guest is what is neither the node nor gVisor', () =>
    expect(from([reference, shows({ bootId: 'own' })], cellOf('runsc', 'guest-kernel')).subject).toMatchObject({
      kind: 'absent',
      seen: 'no contradiction: it is a Linux kernel with a boot id of its own (own)',
    }));
  test('one container that shows the node’s boot id is enough to contradict', () =>
    expect(
      from([reference, shows({ bootId: 'own', gvisor: true }), shows({ bootId: nodeBoot, gvisor: true })]).subject,
    ).toMatchObject({
      kind: 'reached',
      seen: expect.stringContaining('it is shared-kernel') as string,
    }));
  test('a pod without an identity shows nothing', () => {
    expect(from([reference]).subject.kind).toBe('undecided');
    expect(
      from([
        reference,
        subject(gvisor, 'own', { observations: [{ id: 'x', kind: 'read', value: { bootId: nodeBoot } }] }),
      ]).subject.kind,
    ).toBe('undecided');
    expect(
      from([
        reference,
        subject(gvisor, 'own', {
          observations: [
            { id: 'i', kind: 'identity', errno: 'EACCES' },
            ...shows({ bootId: 'own', gvisor: true }).observations,
          ],
        }),
      ]).subject.kind,
    ).toBe('absent');
  });
  test('nothing is told without the node’s boot id', () => {
    const evidence = evidenceOf([subject(gvisor, 'own')], { cells: [runc, gvisor] });
    expect(podView(gvisor, undefined, evidence)).toMatchObject({
      subject: { kind: 'undecided' },
      witness: 'incomplete',
    });
    const blind = { ...witness(), observations: witness().observations.filter((one) => one.id !== 'truth.identity') };
    const seen = evidenceOf([blind, subject(gvisor, undefined)], { cells: [runc, gvisor] });
    expect(podView(gvisor, nodeView(seen, 'n'), seen).subject.kind).toBe('undecided');
  });
  test('the control is that the reference shows the node’s kernel', () => {
    expect(from([reference]).control?.kind).toBe('reached');
    expect(from([subject(runc, 'own')]).control).toMatchObject({ kind: 'denied', errno: 'guest-kernel' });
    expect(from([]).control?.kind).toBe('not-attempted');
    expect(from([{ ...reference, cell: elsewhere.id }]).control?.kind).toBe('not-attempted');
    expect(from([reference]).witness).toBe('complete');
  });
});

describe('a handler that does not exist', () => {
  const from = (seen: Evidence['missingHandler'][string] | undefined, containers = [subject(runc, nodeBoot)]) =>
    missingHandler(
      gvisor,
      evidenceOf(containers, {
        cells: [elsewhere, runc, gvisor],
        missingHandler: { m: { started: true }, ...(seen && { n: seen }) },
      }),
    );
  test('whose pod ran is breached, whatever was said', () =>
    expect(from({ started: true, message: 'no such handler' }).subject.kind).toBe('reached'));
  test('is refused by a word that names it', () =>
    expect(from({ started: false, message: 'no runtime for it' })).toMatchObject({
      subject: { kind: 'denied', errno: 'refused', seen: 'it was refused: no runtime for it' },
      witness: 'not-needed',
    }));
  test('is not refused by silence', () => {
    expect(from(undefined).subject).toEqual({ kind: 'not-attempted', why: 'the pod was not created' });
    expect(from({ started: false, cause: 'Pending' }).subject).toEqual({ kind: 'not-attempted', why: 'Pending' });
    expect(from({ started: false }).subject.kind).toBe('not-attempted');
  });
  test('needs a pod with a valid handler that ran to its end on the same node', () => {
    const control = (...containers: ContainerEvidence[]) =>
      from({ started: false, message: 'x' }, containers).control?.kind;
    expect(control(subject(runc, nodeBoot))).toBe('reached');
    expect(control(subject(runc, nodeBoot, { complete: false }), subject(runc, nodeBoot))).toBe('reached');
    expect(control(subject(runc, nodeBoot, { complete: false }))).toBe('not-attempted');
    expect(control(subject(gvisor, 'own'))).toBe('not-attempted');
    expect(control(subject(runc, nodeBoot, { role: 'server' }))).toBe('not-attempted');
    expect(control({ ...subject(runc, nodeBoot), cell: elsewhere.id })).toBe('not-attempted');
    expect(control()).toBe('not-attempted');
  });
});

describe('the roster', () => {
  const checks = new Map<string, Check>(
    [
      { id: 'a', scope: 'cell' },
      { id: 'b', scope: 'cell' },
      { id: 'p', scope: 'path', network: 'tcp', server: 'plain' },
    ].map((check) => [check.id, check as Check]),
  );
  const path = {
    id: '1',
    from: gvisor.id,
    to: runc.id,
    network: 'tcp',
    server: 'plain',
    client: 'c',
    serverContainer: 's',
    target: 'T',
  } as const;
  const network: Evidence['network'] = {
    paths: [
      path,
      { ...path, id: '2', network: 'udp' },
      { ...path, id: '3', server: 'flushing' },
      { ...path, id: '4', from: runc.id },
    ],
    marks: {},
  };
  const cells = [runc, gvisor];
  const cell = (check: string, of = gvisor) => ({ check, cell: of.id });
  const full = [cell('a'), cell('a', runc), { ...cell('p'), path: '1' }, { ...cell('p', runc), path: '4' }];
  const found = (roster: Evidence['roster'], rest: Partial<Evidence> = {}) =>
    completeness(evidenceOf([], { roster, network, cells, ...rest }), checks);

  test('has every check once a cell, and once a path of its kind', () =>
    expect(found(full)).toMatchObject({
      subject: { kind: 'absent', seen: '4 planned, each once' },
      control: { kind: 'reached' },
      witness: 'not-needed',
    }));
  test.each(full.map((one, index) => [JSON.stringify(one), index] as const))('has a gap without %s', (_, index) =>
    expect(found(full.toSpliced(index, 1)).subject).toMatchObject({
      kind: 'reached',
      seen: expect.stringMatching(/^missing: /) as string,
    }),
  );
  test('has doubles', () =>
    expect(found([...full, cell('a')]).subject).toEqual({ kind: 'reached', seen: `twice: a ${gvisor.id} ` }));
  test('has checks that nobody knows', () =>
    expect(found([...full, cell('z')]).subject).toEqual({ kind: 'reached', seen: 'unknown: z' }));
  test('tells three of its faults', () => {
    const { subject } = found([cell('z'), cell('y'), cell('x'), cell('w')]);
    expect(subject).toMatchObject({ seen: 'unknown: z; unknown: y; unknown: x' });
  });
  test('has nothing of cells that are not tested', () =>
    expect(
      found([cell('a')], { cells: [{ ...runc, tested: false }, gvisor], network: { paths: [], marks: {} } }).subject
        .kind,
    ).toBe('absent'));
  test('has no control when taking out an entry would not be noticed', () => {
    expect(found([]).control?.kind).toBe('absent');
    expect(found([cell('z')]).control?.kind).toBe('absent');
  });
});
