import { describe, expect, test } from 'vitest';
import { credentials, descriptors, namespaces, openForReading, processes } from '../attempt.ts';
import type { Observation } from '../attempt.ts';
import { decided, inWords } from '../testing/oracle-input.ts';
import type { Given } from '../testing/oracle-input.ts';
import { capabilitiesBeyond, descriptorLeaked, inNamespaceOfTheNode, othersVisible } from './process.ts';

const oracles = [
  ['a namespace', inNamespaceOfTheNode('pid'), true],
  ['capabilities', capabilitiesBeyond([]), false],
  ['descriptors', descriptorLeaked(), false],
  ['processes', othersVisible(), false],
] as const;

describe.each(oracles)('%s', (_, oracle, needsWitness) => {
  test('takes a failure as what it is', () => {
    expect(inWords(decided(oracle, { errno: 'EACCES' }))).toBe('denied EACCES');
    expect(inWords(decided(oracle, { notAttempted: 'cut' }))).toBe('not-attempted');
  });
  test(`${needsWitness ? 'needs' : 'takes no'} witness`, () => {
    expect(oracle.needsWitness).toBe(needsWitness);
    expect(oracle.truths(namespaces())).toEqual([]);
  });
});

describe('a namespace', () => {
  const look = (value: Record<string, unknown>, given: Given = {}) =>
    inWords(
      decided(
        inNamespaceOfTheNode('pid'),
        { value },
        {
          attempt: namespaces(),
          kernel: 'node',
          witness: { namespaces: { pid: 'N', net: 'M' } },
          ...given,
        },
      ),
    );
  const fromNode = (pid: string) => ({ seenFromNode: { namespaces: { pid } } });

  test('that is the node’s own is reached', () => {
    expect(look({ self: { pid: 'N' } }, fromNode('N'))).toBe('reached');
    expect(look({ self: { pid: 'N' } })).toBe('reached');
  });
  test('that is the pod’s is contained', () => expect(look({ self: { pid: 'P' } }, fromNode('P'))).toBe('contained'));
  test('of another kind does not count', () => expect(look({ self: { pid: 'M', net: 'N' } })).toBe('contained'));
  test('on which the two sides do not agree decides nothing', () => {
    expect(look({ self: { pid: 'P' } }, fromNode('N'))).toBe('undecided');
    expect(look({ self: { pid: 'N' } }, fromNode('P'))).toBe('undecided');
  });
  test('of the first process is that of whoever it is, not of the probe', () => {
    const attempt = namespaces('pid1');
    expect(look({ pid1: { pid: 'N' }, self: { pid: 'P' } }, { attempt, ...fromNode('P') })).toBe('reached');
    expect(look({ pid1: { pid: 'P' }, self: { pid: 'N' } }, { attempt })).toBe('contained');
    expect(look({ pid1: null, self: { pid: 'N' } }, { attempt })).toBe('absent');
  });
  test.each(['net', 'ipc', 'uts'] as const)('of a pod, the %s namespace, is that of its sandbox', (kind) => {
    const oracle = inNamespaceOfTheNode(kind);
    const inside = (sandbox?: Record<string, string>, attempt = namespaces(), own = 'P') =>
      decided(
        oracle,
        { value: { self: { [kind]: own }, pid1: { [kind]: own } } },
        {
          attempt,
          kernel: 'node',
          witness: { namespaces: { [kind]: 'N' } },
          seenFromNode: { namespaces: { [kind]: own }, sandbox },
        },
      );
    expect(oracle.crossedWhen).toMatch(/, or in another than its pod, or in one in which another pod/);
    expect(inside({ [kind]: 'P' }).kind).toBe('contained');
    expect(inside({ [kind]: 'Q' })).toEqual({
      kind: 'reached',
      seen: `${kind} namespace P, the node's is N, its pod's is Q: it belongs to another pod`,
    });
    expect(inside({ [kind]: 'N' }, namespaces(), 'N').kind).toBe('reached');
    // An engine may end the process with which it made the namespaces.
    expect(inside().kind).toBe('contained');
    expect(inside({}).kind).toBe('contained');
    // Of the first process, which is not the container's, the pod says nothing.
    expect(inside({ [kind]: 'Q' }, namespaces('pid1')).kind).toBe('contained');
  });
  test('of cgroup v1, in which no container engine makes one, is absent', () => {
    const at = openForReading('/proc/1/root/sys/fs/cgroup/cgroup.controllers');
    const own = (inode: string, truth: Partial<Observation>) =>
      decided(
        inNamespaceOfTheNode('cgroup'),
        { value: { self: { cgroup: inode } } },
        {
          attempt: namespaces(),
          kernel: 'node',
          truthOf: at,
          truth,
          witness: { namespaces: { cgroup: 'N' } },
          seenFromNode: { namespaces: { cgroup: inode } },
        },
      ).kind;
    expect(own('N', { errno: 'ENOENT' })).toBe('absent');
    expect(own('N', { value: {} })).toBe('reached');
    expect(own('N', { errno: 'EACCES' })).toBe('reached');
    expect(own('P', { errno: 'ENOENT' })).toBe('contained');
  });
  test.each(['cgroup', 'ipc', 'net', 'pid', 'uts'] as const)(
    'in which another pod is, too, of kind %s, is reached',
    (kind) => {
      const inside = (shared: Record<string, string>, attempt = namespaces()) =>
        decided(
          inNamespaceOfTheNode(kind),
          { value: { self: { [kind]: 'P' }, pid1: { [kind]: 'P' } } },
          {
            attempt,
            kernel: 'node',
            witness: { namespaces: { [kind]: 'N' } },
            seenFromNode: { namespaces: { [kind]: 'P' }, sandbox: { [kind]: 'P' }, shared },
          },
        );
      expect(inNamespaceOfTheNode(kind).crossedWhen).toMatch(/, or in one in which another pod of the run was$/);
      expect(inside({ [kind]: 'runc-restricted' })).toEqual({
        kind: 'reached',
        seen: `${kind} namespace P, the node's is N: pod runc-restricted was in it, too`,
      });
      expect(inside({ mnt: 'runc-restricted' }).kind).toBe('contained');
      expect(inside({ [kind]: 'runc-restricted' }, namespaces('pid1')).kind).toBe('contained');
    },
  );
  test.each([
    ['pid', true],
    ['mnt', true],
    ['cgroup', false],
    ['time', false],
    ['user', false],
  ] as const)("in which the pod's sandbox is, of kind %s, is reached: %j", (kind, expected) => {
    const oracle = inNamespaceOfTheNode(kind);
    const given = (sandbox: string, attempt = namespaces()) => ({
      attempt,
      kernel: 'node' as const,
      witness: { namespaces: { [kind]: 'N' } },
      seenFromNode: { namespaces: { [kind]: 'P' }, sandbox: { [kind]: sandbox } },
    });
    const seen = { value: { self: { [kind]: 'P' }, pid1: { [kind]: 'P' } } };
    expect(decided(oracle, seen, given('N')).kind).toBe(expected ? 'reached' : 'contained');
    expect(decided(oracle, seen, given('S')).kind).toBe('contained');
    expect(decided(oracle, seen, given('N', namespaces('pid1'))).kind).toBe('contained');
    expect(oracle.crossedWhen.includes("its pod's sandbox is")).toBe(expected);
  });
  test.each(['mnt', 'time', 'user'] as const)('that pods may have in common, of kind %s, is not', (kind) => {
    const oracle = inNamespaceOfTheNode(kind);
    const seenFromNode = { namespaces: { [kind]: 'P' }, shared: { [kind]: 'runc-restricted' } };
    const given = {
      attempt: namespaces(),
      kernel: 'node',
      witness: { namespaces: { [kind]: 'N' } },
      seenFromNode,
    } as const;
    expect(decided(oracle, { value: { self: { [kind]: 'P' } } }, given).kind).toBe('contained');
    expect(oracle.crossedWhen).not.toMatch(/another pod/);
  });
  test.each<[string, number | undefined, ReturnType<typeof namespaces>, string]>([
    ['the node’s root is reached', 0, namespaces(), 'reached'],
    ['somebody else on the node is contained', 165536, namespaces(), 'contained'],
    ['somebody whom the node does not see is contained', undefined, namespaces(), 'contained'],
    ['another process than the probe’s is not asked', 0, namespaces('pid1'), 'contained'],
  ])('of users whose root is %s', (_, uid, attempt, expected) => {
    const seenFromNode = { namespaces: { user: 'P' }, uid };
    const given = { attempt, kernel: 'node', witness: { namespaces: { user: 'N' } }, seenFromNode } as const;
    const seen = { value: { self: { user: 'P' }, pid1: { user: 'P' } } };
    expect(decided(inNamespaceOfTheNode('user'), seen, given).kind).toBe(expected);
    // Root is root in every namespace of another kind.
    const other = { ...given, witness: { namespaces: { pid: 'N' } }, seenFromNode: { namespaces: { pid: 'P' }, uid } };
    expect(
      decided(inNamespaceOfTheNode('pid'), { value: { self: { pid: 'P' }, pid1: { pid: 'P' } } }, other).kind,
    ).toBe('contained');
  });
  test('of another kind than a pod shares is the container’s own', () =>
    expect(look({ self: { pid: 'P' } }, { seenFromNode: { namespaces: { pid: 'P' }, sandbox: { pid: 'Q' } } })).toBe(
      'contained',
    ));
  test('that is not shown is absent', () => {
    expect(look({ self: {} })).toBe('absent');
    expect(look({ pid1: { pid: 'N' } })).toBe('absent');
    expect(look({})).toBe('absent');
  });
  test('cannot be told without the node’s', () => {
    expect(look({ self: { pid: 'N' } }, { witness: {} })).toBe('undecided');
    expect(look({ self: { pid: 'N' } }, { witness: null })).toBe('undecided');
  });
  test('of another kernel says nothing, whatever its number', () =>
    expect(look({ self: { pid: 'N' } }, { kernel: 'another' })).toBe('contained'));
  test('of a kernel nobody knows decides nothing', () =>
    expect(look({ self: { pid: 'P' } }, { kernel: 'unknown' })).toBe('undecided'));
  test('is asked of namespaces only: another attempt’s value is read as the probe’s own', () =>
    expect(look({ self: { pid: 'N' } }, { attempt: credentials() })).toBe('reached'));
});

/** The kernel's numbers, from capability.h. */
const names = (
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE ' +
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN ' +
  'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE ' +
  'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
).split(' ');

describe('capabilities', () => {
  const set = (...bits: number[]) =>
    bits
      .reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n)
      .toString(16)
      .padStart(16, '0');
  const none = set();
  const look = (given: string[], capEff: unknown, capBnd: unknown = none) =>
    decided(capabilitiesBeyond(given), { value: { capEff, capBnd } }, { attempt: credentials() });

  test('that were not given are reached, in either set', () => {
    expect(look([], set(21)).kind).toBe('reached');
    expect(look([], none, set(21)).kind).toBe('reached');
    expect(look(['SYS_ADMIN'], set(21), set(12))).toMatchObject({
      kind: 'reached',
      seen: 'capabilities beyond the specification: NET_ADMIN',
    });
  });
  test.each(['capPrm', 'capAmb'])('count in %s too, where it is shown', (name) => {
    const also = (more: unknown) =>
      decided(
        capabilitiesBeyond(['KILL']),
        { value: { capEff: none, capBnd: none, [name]: more } },
        { attempt: credentials() },
      ).kind;
    expect(also(set(12))).toBe('reached');
    expect(also(set(5))).toBe('denied');
    expect(also('')).toBe('denied');
    expect(also('none')).toBe('denied');
    expect(also(12)).toBe('denied');
  });
  test('of the inheritable set count although they were given', () => {
    const inheritable = (capInh: unknown) =>
      decided(
        capabilitiesBeyond(['KILL']),
        { value: { capEff: set(5), capBnd: set(5), capInh } },
        { attempt: credentials() },
      );
    expect(inheritable(set(5))).toMatchObject({ kind: 'reached', seen: 'capabilities in the inheritable set: KILL' });
    expect(inheritable(set(12))).toMatchObject({
      kind: 'reached',
      seen: 'capabilities beyond the specification: NET_ADMIN',
    });
    for (const empty of [none, '', 'none', 12, undefined]) expect(inheritable(empty).kind).toBe('denied');
  });
  test('that were given, or fewer, are not beyond', () => {
    expect(look(['SYS_ADMIN', 'KILL'], set(21), set(21, 5))).toEqual({
      kind: 'denied',
      errno: 'not given',
      seen: 'no capability beyond the 2 that were given',
    });
    expect(look([], none).kind).toBe('denied');
  });
  test.each(names.map((name, bit) => [bit, name] as const))('number %i is %s', (bit, name) => {
    expect(look([name], set(bit)).kind).toBe('denied');
    expect(
      look(
        names.filter((other) => other !== name),
        set(bit),
      ).kind,
    ).toBe('reached');
  });
  test('without a name yet count too, up to the last bit', () => {
    expect(look(names, set(41))).toMatchObject({ seen: 'capabilities beyond the specification: capability 41' });
    expect(look(names, set(63)).kind).toBe('reached');
  });
  test('are told by name, at most six', () => {
    expect(look([], set(0, 1, 2, 3, 4, 5))).toMatchObject({
      seen: 'capabilities beyond the specification: CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, FSETID, KILL',
    });
    expect(look([], set(0, 1, 2, 3, 4, 5, 6))).toMatchObject({
      seen: 'capabilities beyond the specification: CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, FSETID, KILL and 1 more',
    });
  });
  test('that are not shown decide nothing', () => {
    expect(look([], undefined).kind).toBe('undecided');
    expect(decided(capabilitiesBeyond([]), { value: { capEff: none } }, { attempt: credentials() }).kind).toBe(
      'undecided',
    );
    expect(look([], 7, none).kind).toBe('undecided');
  });
});

describe('processes', () => {
  const look = (value: Record<string, unknown>, kernel: 'node' | 'another' | 'unknown' = 'node') =>
    decided(othersVisible(), { value }, { attempt: processes(), kernel });
  const foreign = Array.from({ length: 5 }, (_, index) => ({ pid: index + 1, name: `n${index + 1}` }));

  test('of others are seen whichever kernel shows them', () => {
    const kinds = (['node', 'another', 'unknown'] as const).map((kernel) => look({ own: 2, others: 1 }, kernel).kind);
    expect(kinds).toEqual(['reached', 'reached', 'reached']);
  });
  test('are told by name, at most four', () => {
    expect(look({ own: 1, others: 4, foreign: foreign.slice(0, 4) })).toEqual({
      kind: 'reached',
      seen: '4 processes of others are seen: 1 n1, 2 n2, 3 n3, 4 n4',
    });
    expect(look({ own: 1, others: 90, foreign })).toMatchObject({
      seen: '90 processes of others are seen: 1 n1, 2 n2, 3 n3, 4 n4, …',
    });
  });
  test('of its own are no others', () =>
    expect(look({ own: 3, others: 0, foreign: [] })).toEqual({
      kind: 'absent',
      seen: "3 processes, all of them the container's",
    }));
  test('that were not counted decide nothing', () => {
    expect(look({ own: 0, others: 0 }).kind).toBe('undecided');
    expect(look({ others: 1 }).kind).toBe('undecided');
    expect(look({ own: 1 }).kind).toBe('undecided');
  });
});

describe('descriptors', () => {
  const look = (value: Record<string, unknown>) => decided(descriptorLeaked(), { value }, { attempt: descriptors() });
  test('that were too many to list may lead anywhere', () => {
    const cut = (outside: boolean) => look({ descriptors: [{ fd: 7, target: '/', outside }], truncated: true }).kind;
    expect([cut(false), cut(true)]).toEqual(['undecided', 'reached']);
  });
  test('that lead outside are leaked', () =>
    expect(
      look({
        descriptors: [
          { fd: 1, target: 'pipe:[1]', outside: false },
          { fd: 7, target: '/sys/fs/cgroup', outside: true },
          { fd: 8, target: '/', outside: true },
        ],
      }),
    ).toEqual({ kind: 'reached', seen: 'descriptor 7 → /sys/fs/cgroup, 8 → / leads outside' }));
  test.each(['pipe:[7]', 'socket:[7]', 'anon_inode:[eventfd]'])('%s is leaked by the node’s kernel alone', (target) => {
    const leaked = (kernel: Given['kernel']) =>
      decided(
        descriptorLeaked(),
        { value: { descriptors: [{ fd: 7, target, outside: true }] } },
        { attempt: descriptors(), ...(kernel && { kernel }) },
      ).kind;
    expect([leaked('node'), leaked('another'), leaked('unknown')]).toEqual(['reached', 'contained', 'undecided']);
  });
  test('that have a path are leaked whichever kernel opened them', () => {
    const value = { descriptors: [{ fd: 7, target: '/', outside: true }] };
    expect(decided(descriptorLeaked(), { value }, { attempt: descriptors(), kernel: 'another' }).kind).toBe('reached');
  });
  test('that stay inside, or are not there, are not', () => {
    expect(look({ descriptors: [{ fd: 1, target: 'pipe:[1]', outside: false }] }).kind).toBe('absent');
    expect(look({}).kind).toBe('absent');
  });
});
