import { describe, expect, test } from 'vitest';
import type { PathCheck } from '../check.ts';
import type { ContainerEvidence, Evidence } from '../evidence.ts';
import { judgeCheck } from './judge.ts';
import { pathAttempted } from './path.ts';
import { evidenceOf, runc } from '../testing/evidence.ts';

const check = (rest: Partial<PathCheck> = {}): PathCheck => ({
  scope: 'path',
  id: 'tenant-network/x',
  claim: '',
  because: '',
  references: [],
  requirements: [],
  touch: 'open',
  network: 'tcp',
  server: 'plain',
  phase: 'ingress-denied',
  expect: {} as PathCheck['expect'],
  ...rest,
});

/** A client that tried 20 times, and a server that heard these. */
function verdict(
  heard: (seq: number) => boolean,
  options: {
    marks?: Evidence['network']['marks'][string];
    client?: Partial<ContainerEvidence>;
    server?: Partial<ContainerEvidence>;
    /** What the client or the server says besides. */
    clientSays?: ContainerEvidence['observations'];
    serverSays?: ContainerEvidence['observations'];
    check?: PathCheck;
    expectation?: 'reaches';
    pathId?: string;
    network?: Partial<Evidence['network']>;
    /** The numbers that arrived over IPv6, of the same 20 tries. Undefined: the server has no such address. */
    ipv6?: (seq: number) => boolean;
    /** The numbers that arrived at the other port. Undefined: an older run, in which the server had none. */
    port?: (seq: number) => boolean;
    /** The same for a second one. */
    secondPort?: (seq: number) => boolean;
    /** The numbers that arrived at the server's link-local address. Undefined: it has none. */
    linkLocal?: (seq: number) => boolean;
  } = {},
) {
  const { attempted, expectation } = seen(heard, options);
  return judgeCheck(expectation, attempted);
}

function seen(heard: (seq: number) => boolean, options: NonNullable<Parameters<typeof verdict>[1]>) {
  const container = (
    pod: string,
    name: string,
    role: 'client' | 'server',
    observations: ContainerEvidence['observations'],
    rest: Partial<ContainerEvidence> = {},
  ): ContainerEvidence => ({
    pod,
    namespace: 'x',
    container: name,
    role,
    cell: runc.id,
    profile: 'x',
    complete: true,
    facts: { nonce: 'N' },
    observations,
    ...rest,
  });
  const seqs = Array.from({ length: 20 }, (_, index) => index + 1);
  const over = (target: string, heardOf: (seq: number) => boolean) => ({
    dials: seqs.map((seq) => ({
      id: 'dial',
      kind: 'dial',
      value: { target, seq, class: heardOf(seq) ? 'open' : 'timeout' },
    })),
    received: seqs
      .filter(heardOf)
      .map((seq) => ({ id: 'received', kind: 'tcp', value: { payload: `N/${target}/${seq}` } })),
  });
  const first = over('T', heard);
  const other = options.ipv6 ? over('T-ipv6', options.ipv6) : { dials: [], received: [] };
  const ports = [
    { port: 31_001, heardOf: options.port },
    { port: 53, heardOf: options.secondPort },
  ].flatMap(({ port, heardOf }) => (heardOf ? [{ port, target: `T-${port}`, heardOf }] : []));
  const link = options.linkLocal ? over('T-link-local', options.linkLocal) : { dials: [], received: [] };
  const all = [first, other, link, ...ports.map(({ target, heardOf }) => over(target, heardOf))];
  const dials = all.flatMap((one) => one.dials);
  const received = all.flatMap((one) => one.received);
  const path = {
    id: 'p',
    from: runc.id,
    to: runc.id,
    network: 'tcp',
    server: 'plain',
    client: 'c/client',
    serverContainer: 's/server',
    target: 'T',
    ...(options.ipv6 && { otherFamily: { family: 'IPv6' as const, target: 'T-ipv6' } }),
    ...(options.linkLocal && { linkLocal: { address: 'fe80::7', target: 'T-link-local' } }),
    ...(ports.length && { otherPorts: ports.map(({ port, target }) => ({ port, target })) }),
  } as const;
  const marks = options.marks ?? { openUntil: 5, closedFrom: 8, closedUntil: 13, openAgainFrom: 16 };
  const evidence = evidenceOf(
    [
      container('c', 'client', 'client', [...(options.clientSays ?? []), ...dials], options.client),
      container('s', 'server', 'server', [...received, ...(options.serverSays ?? [])], options.server),
    ],
    {
      network: {
        paths: [{ ...path, id: 'other', target: 'O' }, path],
        marks: { 'c/client': marks },
        ...options.network,
      },
    },
  );
  const expectation =
    options.expectation === 'reaches' ? ({ kind: 'reaches' } as const) : ({ kind: 'stopped', by: ['denied'] } as const);
  return { expectation, attempted: pathAttempted(options.check ?? check(), options.pathId ?? 'p', evidence) };
}

const enforced = (seq: number) => seq <= 6 || seq >= 15;

describe('a default-deny policy', () => {
  test('that is enforced is held', () => expect(verdict(enforced).verdict).toBe('held'));
  test('that is not enforced is breached', () => expect(verdict(() => true).verdict).toBe('breached'));
  test('that lets one nonce through is breached', () =>
    expect(verdict((seq) => enforced(seq) || seq === 12).verdict).toBe('breached'));
  test('may take its time: what arrives before it has settled does not count', () =>
    expect(verdict((seq) => enforced(seq) || seq === 7).verdict).toBe('held'));
});

describe('a server with a link-local address', () => {
  test('is breached where that leads past the policy', () =>
    expect(verdict(enforced, { linkLocal: () => true })).toMatchObject({
      verdict: 'breached',
      reason: expect.stringContaining("the link-local address fe80::7 of the other tenant's server") as string,
    }));
  test('is breached where nothing but a nonce under the policy arrived', () =>
    expect(verdict(enforced, { linkLocal: (seq) => seq === 10 }).verdict).toBe('breached'));
  test('is closed where the policy closes that, too', () =>
    expect(verdict(enforced, { linkLocal: enforced }).verdict).toBe('held'));
  test('has to open again: what stays closed was not closed by the policy', () =>
    expect(verdict(enforced, { linkLocal: (seq) => seq < 5 }).verdict).toBe('inconclusive'));
  test('has no such path where nothing ever arrived, as on a routed network', () => {
    expect(verdict(enforced, { linkLocal: () => false }).verdict).toBe('held');
    expect(seen(enforced, { linkLocal: () => false }).attempted).toHaveLength(1);
    expect(verdict(() => true, { linkLocal: () => false }).verdict).toBe('breached');
  });
  test('is open without a policy when its ordinary address is', () => {
    const open = { check: check({ phase: 'open' }), expectation: 'reaches' } as const;
    expect(seen(() => true, { ...open, linkLocal: () => true }).attempted).toHaveLength(1);
    expect(verdict(() => false, { ...open, linkLocal: () => true }).verdict).toBe('inconclusive');
  });
});

describe('a server with addresses of both families', () => {
  test('is closed when both are', () => expect(verdict(enforced, { ipv6: enforced }).verdict).toBe('held'));
  test('is breached over the one that the policy engine forgot', () => {
    expect(verdict(enforced, { ipv6: () => true })).toMatchObject({
      verdict: 'breached',
      reason: expect.stringContaining('over tcp and IPv6') as string,
    });
    expect(verdict(() => true, { ipv6: enforced }).verdict).toBe('breached');
  });
  test('has to have been open over both: one is no control of the other', () => {
    expect(verdict(enforced, { ipv6: () => false }).verdict).toBe('inconclusive');
    expect(verdict(() => false, { ipv6: enforced }).verdict).toBe('inconclusive');
  });
  test('is open without a policy when both are', () => {
    const open = (ipv6: (seq: number) => boolean) =>
      verdict(() => true, { check: check({ phase: 'open' }), expectation: 'reaches', ipv6 }).verdict;
    expect(open(() => true)).toBe('held');
    expect(open(() => false)).toBe('inconclusive');
  });
});

describe('a server with other ports', () => {
  test('is closed when both are', () => expect(verdict(enforced, { port: enforced }).verdict).toBe('held'));
  test('is breached at the one that the policy engine passes by', () => {
    expect(verdict(enforced, { port: () => true })).toMatchObject({
      verdict: 'breached',
      reason: expect.stringContaining("over tcp to port 31001 of the other tenant's server") as string,
    });
    expect(verdict(() => true, { port: enforced }).verdict).toBe('breached');
    expect(verdict(enforced, { ipv6: enforced, port: () => true }).verdict).toBe('breached');
  });
  test('is breached at the second of them', () => {
    expect(verdict(enforced, { port: enforced, secondPort: enforced }).verdict).toBe('held');
    expect(verdict(enforced, { port: enforced, secondPort: () => true })).toMatchObject({
      verdict: 'breached',
      reason: expect.stringContaining("over tcp to port 53 of the other tenant's server") as string,
    });
  });
  test('has to have been open at all', () => {
    expect(verdict(enforced, { port: () => false }).verdict).toBe('inconclusive');
    expect(verdict(enforced, { port: enforced, secondPort: () => false }).verdict).toBe('inconclusive');
  });
  test('is open without a policy when both are', () => {
    const open = (port: (seq: number) => boolean) =>
      verdict(() => true, { check: check({ phase: 'open' }), expectation: 'reaches', port }).verdict;
    expect(open(() => true)).toBe('held');
    expect(open(() => false)).toBe('inconclusive');
  });
});

describe('a default-deny policy of egress', () => {
  const egress = check({ phase: 'egress-denied' });
  const marks = {
    openUntil: 3,
    closedFrom: 4,
    closedUntil: 7,
    openAgainFrom: 8,
    openAgainUntil: 10,
    egressClosedFrom: 12,
    egressClosedUntil: 16,
    openAtLastFrom: 17,
  };
  const both = (seq: number) => seq <= 3 || (seq > 8 && seq <= 11) || seq > 17;
  const judged = (heard: (seq: number) => boolean, options: Parameters<typeof verdict>[1] = {}) =>
    verdict(heard, { check: egress, marks, ...options }).verdict;
  test('that is enforced is held, and so is that of ingress before it', () => {
    expect(judged(both)).toBe('held');
    expect(verdict(both, { marks }).verdict).toBe('held');
  });
  test('that is not enforced is breached, whatever that of ingress does', () => {
    const skipped = (seq: number) => seq <= 3 || seq > 8;
    expect(judged(skipped)).toBe('breached');
    expect(verdict(skipped, { marks }).verdict).toBe('held');
    expect(judged((seq) => both(seq) || seq === 14)).toBe('breached');
  });
  test('is not what one of ingress breaks', () => {
    const ingress = (seq: number) => seq <= 10 || seq > 17;
    expect(judged(ingress)).toBe('held');
    expect(verdict(ingress, { marks }).verdict).toBe('breached');
  });
  test('is controlled by the path just before it and after it, not by what was long ago', () => {
    const only = (...seqs: number[]) => judged((seq) => seqs.includes(seq));
    expect(only(9, 18)).toBe('held');
    expect(only(3, 18)).toBe('inconclusive');
    expect(only(9)).toBe('inconclusive');
    expect(only(9, 11)).toBe('inconclusive');
  });
  test('does not lend that of ingress its own end as a control', () =>
    expect(verdict((seq) => seq <= 3 || seq > 17, { marks }).verdict).toBe('inconclusive'));
  test.each(Object.keys(marks).slice(3) as (keyof typeof marks)[])('decides nothing without %s', (missing) => {
    const { [missing]: _, ...rest } = marks;
    expect(judged(both, { marks: rest })).toBe('inconclusive');
  });
  test('decides nothing in a run that made none', () => {
    const { openUntil, closedFrom, closedUntil, openAgainFrom } = marks;
    expect(judged(both, { marks: { openUntil, closedFrom, closedUntil, openAgainFrom } })).toBe('inconclusive');
  });
});

describe('nothing is decided', () => {
  test('on a path that was never open', () => expect(verdict(() => false).verdict).toBe('inconclusive'));
  test('on a path that did not open again', () => expect(verdict((seq) => seq <= 6).verdict).toBe('inconclusive'));
  test('on too few tries while the policy stood', () => {
    const few = verdict(enforced, { marks: { openUntil: 5, closedFrom: 8, closedUntil: 10, openAgainFrom: 16 } });
    expect(few).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('only 2 tries') as string });
  });
  test('when the phases were not reached', () =>
    expect(verdict(enforced, { marks: { openUntil: 5 } }).verdict).toBe('inconclusive'));
  test("when the server's word is not whole", () => {
    expect(verdict(enforced, { server: { complete: false, cause: 'cut off' } }).reason).toContain('cut off');
  });
  test('when the server does not say that it tried to delete its rules', () => {
    expect(verdict(enforced, { check: check({ server: 'flushing' }) }).verdict).toBe('inconclusive');
  });
});

describe('a path that has to be open', () => {
  const open = check({ phase: 'open' });
  test('is held when a nonce arrives', () =>
    expect(verdict(enforced, { check: open, expectation: 'reaches' }).verdict).toBe('held'));
  test('is inconclusive when none does', () =>
    expect(verdict(() => false, { check: open, expectation: 'reaches' }).verdict).toBe('inconclusive'));
});

describe('only what belongs to the phase and the path counts', () => {
  test('a number is of a phase after its beginning, up to its end', () => {
    const outcomeOf = (seq: number) => verdict((one) => enforced(one) || one === seq).verdict;
    expect([8, 9, 13, 14].map(outcomeOf)).toEqual(['held', 'breached', 'breached', 'held']);
  });
  test('the phase before the policy has the first number, the one after it the last', () => {
    expect(verdict((seq) => seq === 1 || seq === 20).verdict).toBe('held');
    expect(verdict((seq) => seq === 5 || seq === 17).verdict).toBe('held');
    expect(verdict((seq) => seq === 6 || seq === 17).verdict).toBe('inconclusive');
    expect(verdict((seq) => seq === 5 || seq === 16).verdict).toBe('inconclusive');
  });
  test('three tries while the policy stood are enough, two are not', () => {
    const tries = (closedUntil: number) =>
      verdict(enforced, { marks: { openUntil: 5, closedFrom: 8, closedUntil, openAgainFrom: 16 } }).verdict;
    expect([tries(10), tries(11)]).toEqual(['inconclusive', 'held']);
  });
  test.each(['openUntil', 'closedFrom', 'closedUntil', 'openAgainFrom'] as const)(
    'without the mark %s nothing is decided',
    (missing) => {
      const { [missing]: _, ...marks } = { openUntil: 5, closedFrom: 8, closedUntil: 13, openAgainFrom: 16 };
      expect(verdict(enforced, { marks }).verdict).toBe('inconclusive');
    },
  );
  test('without any marks nothing is decided', () =>
    expect(verdict(enforced, { network: { marks: {} } })).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('only 0 tries') as string,
    }));
  test('tries of another path do not fill a phase', () => {
    const others = [9, 10, 11, 12].map((seq) => ({
      id: 'dial',
      kind: 'dial',
      value: { target: 'O', seq, class: 'timeout' },
    }));
    const marks = { openUntil: 5, closedFrom: 8, closedUntil: 10, openAgainFrom: 16 };
    expect(verdict(enforced, { clientSays: others, marks }).verdict).toBe('inconclusive');
  });
  test('what the client says besides its tries does not fill a phase', () => {
    const notes = [9, 10, 11, 12].map((seq) => ({
      id: 'note',
      kind: 'dial',
      value: { target: 'T', seq, class: 'timeout' },
    }));
    const marks = { openUntil: 5, closedFrom: 8, closedUntil: 10, openAgainFrom: 16 };
    expect(verdict(enforced, { clientSays: notes, marks }).verdict).toBe('inconclusive');
  });
  test('a nonce is the one of this client and this path, and counts only as received', () => {
    const said = (id: string, payload: string) =>
      verdict(enforced, { serverSays: [{ id, kind: 'tcp', value: { payload } }] }).verdict;
    expect(said('received', 'N/T/10')).toBe('breached');
    expect(said('refused', 'N/T/10')).toBe('held');
    for (const payload of ['M/T/10', 'N/O/10', 'N/T/010', 'undefined/T/10'])
      expect(said('received', payload)).toBe('held');
  });
  test('a path that the run does not have was not tried', () => {
    expect(verdict(enforced, { pathId: 'none' })).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/the path was not planned/) as string,
    });
  });
  test('what was tried under a second policy is no control of the first', () => {
    const marks = { openUntil: 5, closedFrom: 8, closedUntil: 14, openAgainFrom: 16 };
    expect(verdict(enforced, { marks }).verdict).toBe('held');
    expect(verdict(enforced, { marks: { ...marks, egressClosedFrom: 18 } }).verdict).toBe('inconclusive');
    expect(verdict(enforced, { marks: { ...marks, openAgainUntil: 18, egressClosedFrom: 18 } }).verdict).toBe('held');
  });
  test('why nothing was tried is told, of a path that has to be open', () => {
    const open = { check: check({ phase: 'open' }), expectation: 'reaches', marks: {} } as const;
    expect(verdict(enforced, { ...open, network: { cause: 'no servers' } }).reason).toContain(
      'nothing was tried before the policy: no servers',
    );
  });
});

describe('a log that is not whole', () => {
  const cut = { complete: false };
  test.each(['client', 'server'] as const)('of the %s is no word that nothing arrived', (side) => {
    expect(verdict(enforced, { [side]: { ...cut, cause: 'cut off' } })).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('cut off') as string,
    });
  });
  test('says why by what is known', () => {
    expect(verdict(enforced, { client: cut }).reason).toContain('client or server did not report to the end');
    expect(verdict(enforced, { client: { ...cut, cause: 'one' }, server: { ...cut, cause: 'two' } }).reason).toContain(
      'one',
    );
  });
  test('does not hide a nonce that arrived', () =>
    expect(verdict(() => true, { client: cut, server: cut }).verdict).toBe('breached'));
  test('of nobody at all decides nothing', () => {
    const lost = { container: 'lost' };
    expect(verdict(enforced, { client: lost }).verdict).toBe('inconclusive');
    expect(verdict(enforced, { server: lost }).verdict).toBe('inconclusive');
    expect(verdict(enforced, { client: lost, check: check({ phase: 'open' }), expectation: 'reaches' }).verdict).toBe(
      'inconclusive',
    );
  });
});

describe('a server that deletes its packet filter rules', () => {
  const flushing = check({ server: 'flushing' });
  const flush = (rest: object) => ({ id: 'flush', kind: 'netlink', ...rest });
  const judged = (...serverSays: ContainerEvidence['observations']) =>
    verdict(enforced, { check: flushing, serverSays });
  test('and could is held, when nothing arrived', () =>
    expect(judged(flush({ value: {} }))).toMatchObject({
      verdict: 'held',
      reason: expect.stringMatching(/and its rules were deleted$/) as string,
    }));
  test('and was refused is held, and says so', () => {
    expect(judged(flush({ errno: 'EPERM' }))).toMatchObject({
      verdict: 'held',
      reason: expect.stringMatching(/deleting rules returned EPERM$/) as string,
    });
    expect(judged(flush({ notAttempted: 'late' })).reason).toMatch(/deleting rules returned late$/);
    expect(judged(flush({})).reason).toMatch(/deleting rules returned an unknown error$/);
  });
  test('is told by its last try', () =>
    expect(judged(flush({ errno: 'EPERM' }), flush({ value: {} })).reason).toMatch(/its rules were deleted$/));
  test('is breached by what arrives, whether it tried or not', () =>
    expect(verdict(() => true, { check: flushing }).verdict).toBe('breached'));
  test('says nothing by other lines', () =>
    expect(judged({ id: 'received', kind: 'tcp', value: { payload: 'x' } }).verdict).toBe('inconclusive'));
  test('that is not complete says so first', () =>
    expect(verdict(enforced, { check: flushing, server: { complete: false, cause: 'cut off' } }).reason).toContain(
      'cut off',
    ));
});

describe('what is told', () => {
  const told = (heard: (seq: number) => boolean, options: Parameters<typeof seen>[1] = {}) =>
    seen(heard, options).attempted[0]!;
  test('is how the tries ended', () => {
    const dials = [9, 10].map((seq) => ({
      id: 'dial',
      kind: 'dial',
      value: { target: 'T', seq, class: 'open', errno: 'ECONNREFUSED' },
    }));
    expect(told(enforced, { clientSays: dials }).subject).toMatchObject({
      kind: 'denied',
      errno: 'ECONNREFUSED, timeout',
    });
  });
  test('of a path that was never open, is that it was not before', () => {
    const { subject, control } = told((seq) => seq > 15);
    expect(subject.kind).toBe('denied');
    expect(control).toEqual({
      kind: 'denied',
      errno: 'timeout',
      seen: 'none of 5 nonces arrived before the policy (timeout)',
    });
  });
  test('of a path that did not open again, is that it did not', () =>
    expect(told((seq) => seq <= 6).control).toMatchObject({
      kind: 'denied',
      seen: 'none of 4 nonces arrived after the policy was lifted (timeout)',
    }));
  test('of a phase without a try, is that nothing was tried', () => {
    const marks = { openUntil: 0, closedFrom: 8, closedUntil: 13, openAgainFrom: 16 };
    expect(told(enforced, { marks }).control).toEqual({
      kind: 'not-attempted',
      why: 'nothing was tried before the policy',
    });
  });
  test('of a path that has to be open, is how many arrived, and there is no control', () =>
    expect(told((seq) => seq === 3, { check: check({ phase: 'open' }) })).toMatchObject({
      subject: { kind: 'reached', seen: '1 of 5 nonces arrived before the policy' },
      control: undefined,
    }));
  test('of one that was not, is the way the last try ended', () => {
    const last = { id: 'dial', kind: 'dial', value: { target: 'T', seq: 4, class: 'timeout', errno: 'EHOSTUNREACH' } };
    expect(told(() => false, { clientSays: [last], check: check({ phase: 'open' }) }).subject).toMatchObject({
      kind: 'denied',
      errno: 'timeout',
    });
  });
});
