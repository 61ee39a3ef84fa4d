import { describe, expect, test } from 'vitest';
import type { Observation } from '../attempt.ts';
import nodeServices from '../../suites/tenant-network/node-services-demand-credentials.ts';
import { factsFromWitness, portsAskedByName } from './facts.ts';
import type { Plan, WitnessPod } from '../plan/planned.ts';

const witness = {
  canaries: { file: 'abc' },
  sharedMemoryKey: 7,
  keyDescription: 'cofferdam-7',
} as unknown as WitnessPod;
const plan = { canaryDirectory: '/var/lib/cofferdam/r' } as Plan;
const facts = (observations: Observation[], address?: string) => factsFromWitness(observations, witness, plan, address);
const disksNamed = (...names: string[]): Observation[] => [
  {
    id: 'truth.disks',
    kind: 'disks',
    value: { disks: names.map((name, index) => ({ name, major: 8, minor: index })) },
  },
];

test('what is known without a word of the witness', () => {
  expect(facts([])).toEqual({
    'shared-memory.key': 7,
    'key.description': 'cofferdam-7',
    // SHA-256 of "abc", from FIPS 180-2.
    'digest.file': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  });
});

test('what the witness told of its canaries', () => {
  const told = facts([
    { id: 'else', kind: 'canary', value: { handleType: 9, handle: 'no', port: 9 } },
    { id: 'canary.file', kind: 'canary', value: { handleType: '1', handle: 'ff00' } },
    { id: 'canary.loopback', kind: 'canary', value: { port: '8080', udpPort: 8081, gateway: '10.0.0.1' } },
  ]);
  expect(told).toMatchObject({
    'file.handleType': 1,
    'file.handle': 'ff00',
    'loopback.port': 8080,
    'loopback.udpPort': 8081,
    gateway: '10.0.0.1',
  });
});

test('what it could not plant is missing', () => {
  const told = facts([
    { id: 'canary.file', kind: 'canary', errno: 'EROFS' },
    { id: 'canary.loopback', kind: 'canary', errno: 'EADDRINUSE' },
  ]);
  expect(Object.keys(told)).toEqual(['shared-memory.key', 'key.description', 'digest.file']);
});

test('its directory is there once it planted, unless it could not make it', () => {
  const planted: Observation = { id: 'planted', kind: 'planted', value: { plants: 1 } };
  expect(facts([planted])).toMatchObject({ canaryDirectory: '/var/lib/cofferdam/r' });
  const refused: Observation = { id: 'directory', kind: 'directory', errno: 'EROFS' };
  expect(facts([refused, planted])).not.toHaveProperty('canaryDirectory');
});

describe('what listens on the node', () => {
  const told = (sockets: string[], address: string | undefined, gateway = '10.244.0.1', truncated?: true) =>
    facts(
      [
        { id: 'canary.loopback', kind: 'canary', value: { port: 40001, udpPort: 2, gateway } },
        { id: 'truth.listening', kind: 'listening', value: { sockets, truncated } },
      ],
      address,
    )['services'];

  test('is asked at the address of the node, each port once, and the witness last', () =>
    expect(told(['0.0.0.0:22', '192.0.2.1:9000', '[::]:22', '[::]:10257'], '192.0.2.1')).toBe(
      '192.0.2.1:22,192.0.2.1:9000,192.0.2.1:10257,127.0.0.1:40001',
    ));

  test('is asked at that of IPv6 as well', () =>
    expect(told(['[2001:db8::1]:22', '[::]:10257'], '2001:db8::1')).toBe(
      '[2001:db8::1]:22,[2001:db8::1]:10257,127.0.0.1:40001',
    ));

  test('is asked at the gateway of pods where it listens there alone', () =>
    expect(told(['10.244.0.1:2376'], '192.0.2.1')).toBe('10.244.0.1:2376,127.0.0.1:40001'));

  test.each(['127.0.0.1:10248', '[::1]:10248', '198.51.100.7:80', '[fe80::1]:22', 'nonsense'])(
    'is not asked at %s, which leads to this machine alone, or to another',
    (socket) => expect(told([socket], '192.0.2.1')).toBe('127.0.0.1:40001'),
  );

  test('is not asked again at ports that the check asks by name', () => {
    const named = nodeServices.attempts
      .map((one) => /\{nodeAddress\}:(\d+)/.exec('url' in one ? one.url : '')?.[1])
      .filter((port) => port !== undefined);
    const asked = told(
      named.map((port) => `0.0.0.0:${port}`),
      '192.0.2.1',
    );
    // Others than a proxy to the API server use these two as well.
    expect(asked).toBe('192.0.2.1:8080,192.0.2.1:8001,127.0.0.1:40001');
    for (const port of portsAskedByName) expect(named).toContain(String(port));
  });

  test('is not asked where the address of the node is not known', () =>
    expect(told(['0.0.0.0:22'], undefined)).toBe('127.0.0.1:40001'));

  test('is not known where the list was cut, or nothing was planted', () => {
    expect(told(['0.0.0.0:22'], '192.0.2.1', '10.244.0.1', true)).toBeUndefined();
    expect(facts([{ id: 'truth.listening', kind: 'listening', value: { sockets: [] } }])).not.toHaveProperty(
      'services',
    );
  });
});

test("the node's address stands for a gateway that is none of the node's", () => {
  const planted: Observation = { id: 'canary.loopback', kind: 'loopback', value: { port: 1, udpPort: 2 } };
  expect(facts([planted], '10.0.0.9')['gateway']).toBe('10.0.0.9');
  expect(facts([planted], 'fd00::1')['gateway']).toBe('[fd00::1]');
  expect(facts([planted])).not.toHaveProperty('gateway');
});

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['fd00::1', '[fd00::1]'],
])('the node’s address %s stands in a URL as %s', (address, inUrl) =>
  expect(facts([], address)['nodeAddress']).toBe(inUrl),
);

describe('the disk', () => {
  test.each(['sda', 'vda', 'nvme0n1', 'xvda', 'hda', 'mmcblk0', 'dm-0', 'md0'])('%s has something behind it', (name) =>
    expect(facts(disksNamed('loop0', name))).toMatchObject({ 'disk.major': 8, 'disk.minor': 1 }),
  );
  test.each(['loop0', 'ram0', 'sr0', 'zram0', 'usbhdx'])('%s has not', (name) =>
    expect(facts(disksNamed(name))).not.toHaveProperty(['disk.major']),
  );
  test('is the first of several', () => expect(facts(disksNamed('vda', 'vdb'))).toMatchObject({ 'disk.minor': 0 }));
  test('is missing where the witness saw no list', () => {
    expect(facts([{ id: 'truth.disks', kind: 'disks', value: {} }])).not.toHaveProperty(['disk.major']);
  });
});
