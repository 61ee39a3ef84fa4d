import { describe, expect, test } from 'vitest';
import { addresses } from '../attempt.ts';
import { decided, inWords } from '../testing/oracle-input.ts';
import { addressOfNobody, interfaceOfOthers, linkLocalBeside } from './addresses.ts';

const attempt = addresses();
const known = { 'pod.addresses': '10.244.0.7 fd00::7' };
const outcome = (value: object, facts: Record<string, string> = known) =>
  decided(addressOfNobody(), { value: { ...value } }, { attempt, facts });
const of = (all: readonly string[], facts = known) =>
  outcome({ addresses: all.map((address) => ({ interface: 'eth0', address })) }, facts);

test('takes a failure as what it is, before anything else', () => {
  const failed = (seen: object) => inWords(decided(addressOfNobody(), seen, { attempt, facts: known }));
  expect(failed({ notAttempted: 'cut' })).toBe('not-attempted');
  expect(failed({ errno: 'EPERM', step: 'netlink' })).toBe('denied EPERM');
  expect(inWords(outcome({ addresses: 'none' }))).toBe('undecided');
});

test('is decided without a witness: what the cluster knows, the API server says', () => {
  expect(addressOfNobody()).toMatchObject({ needsWitness: false });
});

test('the addresses of the pod’s status are its own, of either family, and those that lead nowhere count for nothing', () => {
  expect(of(['10.244.0.7'])).toEqual({ kind: 'absent', seen: 'it has 10.244.0.7 alone, as the cluster says' });
  const own = ['127.0.0.1', '127.0.0.53', '::1', '169.254.172.1', 'fe80::1', 'feb0::1'];
  expect(of([...own, '10.244.0.7', 'FD00::7'])).toMatchObject({ kind: 'absent' });
  expect(inWords(of(['fd00::7'], { 'pod.addresses': 'FD00::7' }))).toBe('absent');
});

test.each(['10.99.0.7', '10.244.0.70', '::2', 'fd00::70', 'fec0::1', '170.254.0.1', '126.0.0.1', '::10', ''])(
  'another one, %s, is nobody’s',
  (address) => {
    expect(of(['10.244.0.7', address])).toEqual({
      kind: 'reached',
      seen: `it has ${address}, and the cluster knows of 10.244.0.7 fd00::7 alone`,
    });
  },
);

test('nothing is decided without an address, or without the cluster’s word, or where more may be there', () => {
  expect(inWords(of(['127.0.0.1', 'fe80::1']))).toBe('undecided');
  expect(inWords(of([]))).toBe('undecided');
  expect(inWords(of(['10.244.0.7'], {} as typeof known))).toBe('undecided');
  const cut = { truncated: true, addresses: [{ address: '10.244.0.7' }] };
  expect(inWords(outcome(cut))).toBe('undecided');
  expect(inWords(outcome({ ...cut, addresses: [{ address: '10.99.0.7' }] }))).toBe('reached');
  expect(inWords(outcome({ addresses: [null] }))).toBe('reached');
});

test('the link-local address is that of the interface on which the cluster reaches the pod', () => {
  const told = (...all: [string, string][]) => ({
    addresses: all.map(([name, address]) => ({ interface: name, address })),
  });
  const eth0 = [
    ['eth0', '10.244.0.7'],
    ['eth0', 'fe80::7'],
  ] as [string, string][];
  expect(linkLocalBeside('10.244.0.7', told(['tunl0', 'fe80::1'], ...eth0))).toBe('fe80::7');
  expect(linkLocalBeside('10.244.0.7', told(['tunl0', 'fe80::1'], ['eth0', '10.244.0.7']))).toBeUndefined();
  expect(linkLocalBeside('10.244.0.8', told(...eth0))).toBeUndefined();
  expect(linkLocalBeside('10.244.0.7', undefined)).toBeUndefined();
  expect(linkLocalBeside('10.244.0.7', { addresses: 'none' })).toBeUndefined();
  for (const other of ['fd00::7', '169.254.0.7', 'fec0::7', 'xfe80::7'])
    expect(linkLocalBeside('10.244.0.7', told(['eth0', '10.244.0.7'], ['eth0', other]))).toBeUndefined();
});

test('an interface without an address is none that anybody could be reached at', () => {
  expect(outcome({ addresses: [{ interface: 'eth0', address: '10.244.0.7' }, { interface: 'eth1' }] })).toMatchObject({
    kind: 'absent',
    seen: 'it has 10.244.0.7 alone, as the cluster says',
  });
});

describe('interfaces', () => {
  const value = (...names: string[]) => ({
    addresses: [
      { interface: 'lo', address: '127.0.0.1', up: true },
      ...names.map((name) => ({ interface: name, up: true })),
    ],
  });
  const seen = (own: object, there?: object | null, itself = false) =>
    decided(
      interfaceOfOthers(),
      { value: { ...own } },
      { attempt, itself, ...(there !== undefined && { reference: there && { value: { ...there } } }) },
    );
  const words = (...given: Parameters<typeof seen>) => inWords(seen(...given));

  test('take a failure as what it is, before anything else', () => {
    expect(inWords(decided(interfaceOfOthers(), { errno: 'EPERM', step: 'netlink' }, { attempt }))).toBe(
      'denied EPERM',
    );
    expect(words({ addresses: 'none' }, value('eth0'))).toBe('undecided');
    expect(interfaceOfOthers()).toMatchObject({ needsWitness: false, comparesWithReference: true });
  });
  test('are the pod’s own where it has one, whatever its name, or as many as the reference’s pod', () => {
    expect(seen(value('ens3'), value('eth0'))).toEqual({ kind: 'absent', seen: 'it has the interface ens3 alone' });
    expect(words(value('eth0'), value())).toBe('absent');
    expect(words(value('eth0', 'net1'), value('eth0', 'net1'))).toBe('absent');
    expect(words(value('eth0'), value('eth0', 'net1'))).toBe('absent');
    const twoAddresses = {
      addresses: [...value('eth0').addresses, { interface: 'eth0', address: '10.244.0.7', up: true }],
    };
    expect(words(twoAddresses, value('eth0'))).toBe('absent');
  });
  test('are somebody else’s where there are more', () => {
    expect(seen(value('eth0', 'eth1'), value('eth0'))).toEqual({
      kind: 'reached',
      seen: 'it has the interfaces eth0, eth1, and the pod under the reference handler has the interface eth0 alone',
    });
    const down = { addresses: [...value('eth0').addresses, { interface: 'eth1' }] };
    expect(words(down, value('eth0'))).toBe('reached');
    // The control, in the network of the node.
    expect(words(value('eth0', 'cni0'))).toBe('reached');
  });
  test('that a kernel makes by itself count only where they are up', () => {
    const tunnels = ['tunl0', 'sit0', 'gre0', 'ip6tnl0', 'dummy0'];
    const down = { addresses: [...value('eth0').addresses, ...tunnels.map((name) => ({ interface: name }))] };
    expect(words(down, value('eth0'))).toBe('absent');
    expect(words(value('eth0', 'dummy0'), value('eth0'))).toBe('reached');
    for (const name of ['dummy', 'xtunl0', 'sit0x'])
      expect(words({ addresses: [...value('eth0').addresses, { interface: name }] }, value('eth0'))).toBe('reached');
  });
  test('decide nothing where there is nothing to compare with, or not all is known', () => {
    expect(words(value('eth0', 'net1'), null)).toBe('undecided');
    expect(words(value('eth0', 'net1'), value('eth0', 'net1'), true)).toBe('undecided');
    expect(words(value('eth0'), value('eth0'), true)).toBe('absent');
    expect(words(value('eth0', 'net1'), { ...value('eth0'), truncated: true })).toBe('undecided');
    expect(words({ ...value('eth0'), truncated: true }, value('eth0'))).toBe('undecided');
    expect(words(value(), value('eth0'))).toBe('undecided');
  });
});
