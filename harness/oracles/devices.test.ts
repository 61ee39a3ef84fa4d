import { describe, expect, test } from 'vitest';
import { disks, list } from '../attempt.ts';
import { decided } from '../testing/oracle-input.ts';
import { nodeDevicesListed, nodeDisksVisible } from './devices.ts';

const attempt = list('/dev');
const nodeDev = list('/proc/1/root/dev');
const entry = (name: string, type: string, major?: number, minor?: number) => ({
  name,
  type,
  ...(major !== undefined && { major }),
  ...(minor !== undefined && { minor }),
});
const sda = entry('sda', 'block', 8, 0);
const kvm = entry('kvm', 'char', 10, 232);
const nodes = { value: { entries: [sda, kvm, entry('null', 'char', 1, 3)] } };
const look = (entries: unknown[], only?: 'block', rest: Parameters<typeof decided>[2] = {}) =>
  decided(
    nodeDevicesListed(only),
    { value: { entries } },
    { attempt, truth: nodes, truthOf: nodeDev, kernel: 'node', ...rest },
  );

describe('devices in /dev', () => {
  test('with the numbers of the node’s reach it under the node’s kernel alone', () => {
    const kinds = (['node', 'another', 'unknown'] as const).map((kernel) => look([sda], undefined, { kernel }).kind);
    expect(kinds).toEqual(['reached', 'contained', 'undecided']);
    expect(look([sda, kvm]).kind).toBe('reached');
    expect(look([kvm]).kind).toBe('reached');
  });
  test('are told by name, at most six', () => {
    const many = Array.from({ length: 7 }, (_, index) => entry(`sd${index}`, 'block', 8, index));
    const both = { truth: { value: { entries: many } } };
    expect(look(many.slice(0, 6), undefined, both)).toMatchObject({
      seen: "6 devices with the node's numbers (sd0, sd1, sd2, sd3, sd4, sd5)",
    });
    expect(look(many, undefined, both)).toMatchObject({
      seen: "7 devices with the node's numbers (sd0, sd1, sd2, sd3, sd4, sd5, …)",
    });
    expect(look([entry('vda', 'block', 254, 0), sda])).toMatchObject({
      seen: "1 devices with the node's numbers (sda)",
    });
  });
  test('are the same by kind and both numbers, whatever their name', () => {
    expect(look([{ ...sda, name: 'other' }]).kind).toBe('reached');
    for (const [type, major, minor] of [
      ['block', 8, 1],
      ['block', 9, 0],
      ['char', 8, 0],
    ] as const)
      expect(look([entry('sda', type, major, minor)], undefined, { kernel: 'another' })).toMatchObject({
        kind: 'contained',
        seen: '1 devices that the node does not have (sda)',
      });
    expect(look([entry('sda', 'block')], undefined, { kernel: 'another' }).kind).toBe('contained');
  });
  test('that the node does not have are contained under another kernel only', () => {
    const strange = entry('vdz', 'block', 254, 9);
    const kinds = (['node', 'another', 'unknown'] as const).map(
      (kernel) => look([strange], undefined, { kernel }).kind,
    );
    expect(kinds).toEqual(['undecided', 'contained', 'undecided']);
  });
  test.each(
    'null zero full random urandom tty console ptmx pts shm mqueue fd stdin stdout stderr core termination-log'.split(
      ' ',
    ),
  )('named %s are every container’s', (name) =>
    expect(look([entry(name, 'char', 10, 232)])).toEqual({ kind: 'absent', seen: 'only standard devices in /dev' }),
  );
  test('are blocks or characters: directories and links are none', () => {
    expect(look([entry('shm2', 'dir', 8, 0), entry('l', 'link', 8, 0)]).kind).toBe('absent');
    expect(look([entry('null', 'block', 8, 0)]).kind).toBe('reached');
  });
  test('other than blocks do not count where blocks are asked for', () => {
    expect(look([kvm], 'block')).toEqual({ kind: 'absent', seen: 'no block device in /dev' });
    expect(look([kvm, sda], 'block').kind).toBe('reached');
  });
  test('cannot be told apart without the witness’s list', () => {
    expect(look([sda], undefined, { truth: { errno: 'EACCES' } }).kind).toBe('undecided');
    expect(look([sda], undefined, { truth: { value: { entries: [] } } }).kind).toBe('undecided');
    expect(look([], undefined, { witness: null }).kind).toBe('undecided');
    expect(look([kvm], undefined, { truth: { value: { entries: [kvm] } } }).kind).toBe('reached');
  });
  test('were not seen when the attempt failed', () =>
    expect(decided(nodeDevicesListed(), { errno: 'EACCES' }, { attempt, truth: nodes, truthOf: nodeDev }).kind).toBe(
      'denied',
    ));
  test('are none in a listing without entries', () => {
    expect(decided(nodeDevicesListed(), { value: {} }, { attempt, truth: nodes, truthOf: nodeDev }).kind).toBe(
      'absent',
    );
  });
  test('take the witness, and its look at the node’s /dev', () => {
    expect(nodeDevicesListed().needsWitness).toBe(true);
    expect(nodeDevicesListed().truths(attempt)).toEqual([nodeDev]);
  });
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
