import { describe, expect, test } from 'vitest';
import { devices, disks, volumes } from '../attempt.ts';
import { decided } from '../testing/oracle-input.ts';
import { devicesBeyondTheStandard, nodeDisksVisible, nodeVolumesReadable } from './devices.ts';

const attempt = devices();
const device = (path: string, type: string, major: number | null, minor: number | null) => ({
  path,
  type,
  major,
  minor,
});
const sda = device('/dev/sda', 'block', 8, 0);
const kvm = device('/dev/kvm', 'char', 10, 232);
const look = (found: unknown[], only?: 'block', rest: Parameters<typeof decided>[2] = {}) =>
  decided(
    devicesBeyondTheStandard(only),
    { value: { devices: found, truncated: false } },
    { attempt, kernel: 'node', ...rest },
  );

describe('devices', () => {
  test.each([
    ['a disk', sda],
    ['a driver', kvm],
    ['a device below /dev', device('/dev/net/tun', 'char', 10, 200)],
    ['a device outside /dev', device('/opt/data', 'char', 1, 11)],
    ["a device with a standard one's name", device('/dev/null', 'char', 1, 1)],
    ["a block device with a standard one's numbers", device('/dev/x', 'block', 1, 3)],
    ['a device just below the terminals', device('/dev/x', 'char', 135, 0)],
    ['a device just above the terminals', device('/dev/x', 'char', 144, 0)],
    ['a device whose numbers could not be asked for', device('/dev/null', 'char', null, null)],
    ["the node's console under another name", device('/dev/x', 'char', 5, 1)],
    ['a terminal of the node under another name', device('/dev/x', 'char', 4, 1)],
    ['a device with the name of a console', device('/dev/console', 'char', 10, 232)],
    ['a name of a console without numbers', device('/dev/console', 'char', null, null)],
    ['a disk with the name of a console', device('/dev/console', 'block', 5, 1)],
    ['a console elsewhere', device('/x/dev/console', 'char', 5, 1)],
  ])('%s reaches the node under its own kernel alone', (_, extra) => {
    const kinds = (['node', 'another', 'unknown'] as const).map((kernel) => look([extra], undefined, { kernel }).kind);
    expect(kinds).toEqual(['reached', 'contained', 'undecided']);
  });
  test.each([
    ['null', 1, 3],
    ['zero', 1, 5],
    ['full', 1, 7],
    ['random', 1, 8],
    ['urandom', 1, 9],
    ['tty', 5, 0],
    ['ptmx', 5, 2],
    ['pts/0', 136, 0],
    ['pts/2000', 143, 7],
    ['console', 5, 1],
    ['console', 4, 64],
    ['console', 136, 3],
  ])('%s is every container’s', (name, major, minor) =>
    expect(look([device(`/dev/${name}`, 'char', major, minor)])).toEqual({
      kind: 'absent',
      seen: '1 devices, all of them standard',
    }),
  );
  test('that the probe of another container makes for a moment are not the container’s', () => {
    expect(look([device('/tmp/.cofferdam-17', 'block', 8, 0)], 'block').kind).toBe('absent');
    expect(look([device('/.cofferdam-17/sda', 'block', 8, 0)], 'block').kind).toBe('reached');
    expect(look([device('/tmp/.cofferdam-x', 'block', 8, 0)], 'block').kind).toBe('reached');
  });
  test('are told by path and numbers, at most six', () => {
    const many = Array.from({ length: 7 }, (_, index) => device(`/dev/sd${index}`, 'block', 8, index));
    expect(look([sda])).toMatchObject({ seen: '1 devices: /dev/sda (block 8:0)' });
    expect(look([device('/dev/x', 'char', null, null)])).toMatchObject({
      seen: '1 devices: /dev/x (char of unknown numbers)',
    });
    expect(look(many.slice(0, 6), 'block')).toMatchObject({
      seen: expect.stringMatching(/^6 block devices: .*\/dev\/sd5 \(block 8:5\)$/) as string,
    });
    expect(look(many)).toMatchObject({ seen: expect.stringMatching(/sd5 \(block 8:5\), …$/) as string });
  });
  test('other than blocks do not count where blocks are asked for', () => {
    expect(look([kvm], 'block')).toEqual({ kind: 'absent', seen: 'no block device anywhere' });
    expect(look([kvm, sda], 'block').kind).toBe('reached');
  });
  test('that could not all be looked at decide nothing, unless one was found', () => {
    const cut = (found: unknown[], truncated?: boolean) =>
      decided(devicesBeyondTheStandard(), { value: { devices: found, truncated } }, { attempt, kernel: 'node' }).kind;
    expect(cut([], true)).toBe('undecided');
    expect(cut([])).toBe('undecided');
    expect(cut([sda], true)).toBe('reached');
  });
  test('were not seen when the attempt failed', () =>
    expect(decided(devicesBeyondTheStandard(), { errno: 'EACCES' }, { attempt }).kind).toBe('denied'));
  test('take the witness, which proves the kernel', () => {
    expect(devicesBeyondTheStandard().needsWitness).toBe(true);
    expect(devicesBeyondTheStandard().truths(attempt)).toEqual([]);
  });
});

describe('volumes', () => {
  const root = { name: 'vda', hardware: true, ids: ['ext:aa'] };
  const snapshot = { name: 'dm-0', hardware: false, ids: ['ext:cc'] };
  const see = (
    mine: unknown[],
    theirs: unknown[],
    kernel: 'node' | 'another' | 'unknown' = 'another',
    truncated = false,
  ) =>
    decided(
      nodeVolumesReadable(),
      { value: { volumes: mine, truncated } },
      { attempt: volumes(), truth: { value: { volumes: theirs } }, kernel },
    );
  test.each(['node', 'another', 'unknown'] as const)(
    'that hold what the node’s hold are reached, kernel: %s',
    (kernel) =>
      expect(see([{ name: 'vdb', hardware: true, ids: ['mbr:1', 'ext:aa'] }], [root], kernel)).toEqual({
        kind: 'reached',
        seen: "its vdb is the node's vda: both hold ext:aa",
      }),
  );
  test('of another machine are contained, when the kernel is another for sure', () => {
    const other = { ...root, ids: ['ext:bb'] };
    expect(see([other], [root])).toEqual({
      kind: 'contained',
      seen: "1 disks and partitions, none of them the node's",
    });
    expect(see([other], [root], 'node').kind).toBe('undecided');
    expect(see([other], [root], 'unknown').kind).toBe('undecided');
    expect(see([{ ...root, ids: [] }], [root]).kind).toBe('contained');
  });
  test('that the node’s kernel makes out of files may be the container’s root', () =>
    expect(see([{ ...snapshot, hardware: true }], [root, snapshot]).kind).toBe('contained'));
  test('are absent when there are none', () =>
    expect(see([], [root])).toEqual({ kind: 'absent', seen: 'no disk is there' }));
  test('of a node without ids decide nothing', () => {
    expect(see([root], []).kind).toBe('undecided');
    expect(see([root], [{ ...root, ids: [] }]).kind).toBe('undecided');
    expect(see([snapshot], [snapshot]).kind).toBe('undecided');
  });
  test('that could not all be looked at decide nothing, unless one was the node’s', () => {
    expect(see([], [root], 'another', true).kind).toBe('undecided');
    expect(see([root], [root], 'another', true).kind).toBe('reached');
  });
  test('that cannot be opened are denied', () =>
    expect(decided(nodeVolumesReadable(), { errno: 'EPERM' }, { attempt: volumes() }).kind).toBe('denied'));
});

describe('disks', () => {
  const vda = { name: 'vda', sectors: 100, serial: 'S', wwid: 'W' };
  const see = (
    mine: unknown[] | undefined,
    theirs: unknown[] | undefined,
    kernel: 'node' | 'another' | 'unknown' = 'node',
  ) =>
    decided(
      nodeDisksVisible(),
      { value: mine ? { disks: mine } : {} },
      { attempt: disks(), truth: { value: theirs ? { disks: theirs } : {} }, kernel },
    );
  test('of the node can be identified under its own kernel', () => {
    expect(see([vda], [vda])).toEqual({ kind: 'reached', seen: "the node's vda can be identified" });
    expect(see([vda], [vda], 'another').kind).toBe('contained');
    expect(see([vda], [vda], 'unknown').kind).toBe('undecided');
    expect(see([{ ...vda, name: 'x' }, vda], [vda])).toMatchObject({ seen: "the node's vda can be identified" });
  });
  test('that were too many to list may be the node’s, on either side', () => {
    const cut = (mine: object[], inside: boolean) =>
      decided(
        nodeDisksVisible(),
        { value: { disks: mine, truncated: inside } },
        { attempt: disks(), truth: { value: { disks: [vda], truncated: !inside } }, kernel: 'another' },
      ).kind;
    const other = { ...vda, name: 'vdb' };
    expect([cut([other], true), cut([other], false)]).toEqual(['undecided', 'undecided']);
    expect([cut([vda], true), cut([vda], false)]).toEqual(['contained', 'contained']);
  });
  test.each([{ name: 'vdb' }, { sectors: 99 }, { serial: 'T' }, { wwid: 'V' }])(
    'that differ in %j are others',
    (other) => {
      expect(see([{ ...vda, ...other }], [vda], 'another')).toEqual({
        kind: 'contained',
        seen: "1 disks, none of them the node's",
      });
    },
  );
  test('are the same without serial and wwid, when neither has one', () => {
    const bare = { name: 'vda', sectors: 100 };
    expect(see([bare], [bare]).kind).toBe('reached');
    expect(see([{ ...bare, serial: '', wwid: '' }], [bare]).kind).toBe('reached');
  });
  test('are absent when none is listed, unless the node has none either', () => {
    expect(see([], [vda])).toEqual({ kind: 'absent', seen: 'no disk is listed' });
    expect(see(undefined, [vda]).kind).toBe('absent');
    expect(see([vda], []).kind).toBe('undecided');
    expect(see([], undefined).kind).toBe('undecided');
  });
});
