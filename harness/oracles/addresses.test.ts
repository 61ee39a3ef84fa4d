import { expect, test } from 'vitest';
import { addresses } from '../attempt.ts';
import { decided, inWords } from '../testing/oracle-input.ts';
import { addressOfNobody } from './addresses.ts';

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
