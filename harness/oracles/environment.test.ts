import { describe, expect, test } from 'vitest';
import { environment } from '../attempt.ts';
import { decided, inWords } from '../testing/oracle-input.ts';
import type { Given } from '../testing/oracle-input.ts';
import { variablesOfOthers } from './environment.ts';

const attempt = environment();
const nothingAdded = { 'environment.added': '' };
const outcome = (names: unknown, given: Given = {}) =>
  decided(
    variablesOfOthers(),
    { value: { names } },
    { attempt, facts: nothingAdded, reference: {}, itself: true, ...given },
  );
const of = (names: unknown, given: Given = {}) => inWords(outcome(names, given));
const apiServers = ['', '_443_TCP', '_443_TCP_PROTO', '_443_TCP_PORT', '_443_TCP_ADDR'].map(
  (rest) => `KUBERNETES_PORT${rest}`,
);
const everyContainers = [
  ...['HOME', 'HOSTNAME', 'PATH', 'TERM'],
  ...['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT', 'KUBERNETES_SERVICE_PORT_HTTPS'],
  ...apiServers,
];
const has = (...names: string[]): Given => ({ reference: { value: { names } }, itself: false });

test('takes a failure as what it is, before anything else', () => {
  const failed = (seen: object) => inWords(decided(variablesOfOthers(), seen, { attempt }));
  expect(failed({ notAttempted: 'cut' })).toBe('not-attempted');
  expect(failed({ errno: 'EPERM' })).toBe('denied EPERM');
  expect(of('PATH')).toBe('undecided');
});

describe('a variable', () => {
  test('that every container has, or that leads to a proxy, is nobody’s', () => {
    expect(of(everyContainers)).toBe('absent');
    expect(of(['NSS_SDB_USE_CACHE', 'TZ', 'container', 'HTTPS_PROXY', 'http_proxy', 'no_proxy'])).toBe('absent');
    expect(of(['FTP_PROXY', 'all_proxy'])).toBe('absent');
    expect(of([])).toBe('absent');
  });
  test.each([
    ...['TOKEN', 'XPATH', 'PATHS', 'KUBECONFIG', 'MY_HTTP_PROXY', 'HTTP_PROXY_PASSWORD', ''],
    ...['KUBERNETES_', 'KUBERNETES_TOKEN', 'KUBERNETES_SERVICE_ACCOUNT', 'KUBERNETES_PORT_443_TCP_TOKEN'],
    ...['KUBERNETES_PORTS', 'MY_KUBERNETES_PORT'],
  ])('%s is of somebody else', (name) => expect(of([...everyContainers, name])).toBe('reached'));
  test('is told by its name, and one of several', () => {
    expect(outcome(['TOKEN'])).toMatchObject({ seen: 'it has the variable TOKEN, which nobody gave to the pod' });
    expect(outcome(['A', 'B'])).toMatchObject({ seen: 'it has 2 variables, A for one, which nobody gave to the pod' });
    expect(outcome([''])).toMatchObject({ seen: 'it has the variable (without a name), which nobody gave to the pod' });
  });
  test('that the cluster’s admission added is in the pod’s specification', () => {
    const facts = { 'environment.added': 'AGENT_HOST AGENT_PORT' };
    expect(of(['AGENT_HOST', 'AGENT_PORT'], { facts })).toBe('absent');
    expect(of(['AGENT'], { facts })).toBe('reached');
  });
  test('may be in a specification that is not known', () => {
    expect(of(['TOKEN'], { facts: {} })).toBe('undecided');
    expect(of(everyContainers, { facts: {} })).toBe('absent');
    expect(of(['TOKEN'], { facts: {}, ...has('PATH') })).toBe('undecided');
  });
  test('that the pod under the reference handler has as well is no difference', () => {
    expect(of(['TOKEN'], has('TOKEN', 'PATH'))).toBe('absent');
    expect(of(['TOKEN', 'TOKEN_2'], has('TOKEN'))).toBe('reached');
    expect(of(['TOKEN'], has('PATH'))).toBe('reached');
  });
  test('is no less of somebody else where the subject is that pod itself', () => {
    expect(of(['TOKEN'], { reference: { value: { names: ['TOKEN'] } }, itself: true })).toBe('reached');
  });
  test('is undecided where that pod’s are not known, unless nothing is strange', () => {
    for (const reference of [null, { errno: 'EPERM' }]) {
      expect(of(['TOKEN'], { reference, itself: false })).toBe('undecided');
      expect(of(['PATH'], { reference, itself: false })).toBe('absent');
    }
  });
  test('is reached in a control, whose specification nobody asks for', () => {
    expect(inWords(decided(variablesOfOthers(), { value: { names: ['OF_THE_CONTROL'] } }, { attempt }))).toBe(
      'reached',
    );
  });
});

test('needs no witness, and the pod under the reference handler', () => {
  expect(variablesOfOthers()).toMatchObject({ needsWitness: false, comparesWithReference: true });
  expect(variablesOfOthers().truths(attempt)).toEqual([]);
});

test('what was cut may have more', () => {
  const cut = (names: string[]) =>
    inWords(decided(variablesOfOthers(), { value: { names, truncated: true } }, { attempt, facts: nothingAdded }));
  expect(cut(['PATH'])).toBe('undecided');
  expect(cut(['TOKEN'])).toBe('reached');
});
