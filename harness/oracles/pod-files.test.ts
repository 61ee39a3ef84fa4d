import { describe, expect, test } from 'vitest';
import { files, list, read } from '../attempt.ts';
import type { Observation } from '../attempt.ts';
import { decided, inWords } from '../testing/oracle-input.ts';
import type { Given } from '../testing/oracle-input.ts';
import { fileOfAnother, fileOutsideTheImage, volumeOfAnother } from './pod-files.ts';

describe('fileOfAnother', () => {
  const see = (path: string, observation: Partial<Observation>) =>
    inWords(decided(fileOfAnother(), observation, { attempt: read(path), facts: { 'pod.name': 'n0-runc-root' } }));
  const text = (text: string, rest = {}) => ({ value: { text, ...rest } });
  const hosts =
    '# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n10.244.0.9\tn0-runc-root\n';

  test.each([
    ['the names of hosts as a kubelet writes them', text(hosts), 'absent'],
    ["a sandbox's host name", text('n0-runc-root\n'), 'absent'],
    ['no new line at its end', text('n0-runc-root'), 'absent'],
    ["the node's host name", text('node-1\n'), 'reached'],
    ['a longer name', text('10.0.0.1 n0-runc-root-2\n'), 'reached'],
    ['a name in a comment', text('# n0-runc-root\n'), 'reached'],
    ['an empty file', text(''), 'reached'],
    ['a part that has it', text(hosts, { truncated: true }), 'absent'],
    ['a part that does not have it', text('127.0.0.1\tlocalhost\n', { truncated: true }), 'undecided'],
    ['no text', { value: {} }, 'undecided'],
    ['no such file', { errno: 'ENOENT', step: 'open' }, 'absent'],
    ['a file that cannot be opened', { errno: 'EACCES', step: 'open' }, 'denied EACCES'],
    ['nothing', { notAttempted: 'late' }, 'not-attempted'],
  ])('names: %s', (_, observation, outcome) => expect(see('/etc/hosts', observation)).toBe(outcome));

  test('undecided where the name of the pod is not known', () =>
    expect(decided(fileOfAnother(), text(hosts), { attempt: read('/etc/hosts') }).kind).toBe('undecided'));

  test.each([
    [
      'the settings of a cluster',
      text('search a.svc.cluster.local svc.cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n'),
      'absent',
    ],
    [
      'those of a node',
      text('# made by x\n; too\nnameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n'),
      'absent',
    ],
    ['none', text(''), 'absent'],
    ['accounts', text('root:x:0:0:root:/root:/bin/bash\n'), 'reached'],
    ['a setting that begins like one', text('nameservers 1.1.1.1\n'), 'reached'],
    ['the same, cut', text('root:x:0:0', { truncated: true }), 'reached'],
  ])('resolver: %s', (_, observation, outcome) => expect(see('/etc/resolv.conf', observation)).toBe(outcome));

  test.each([
    ['an empty file', text(''), 'absent'],
    ['a line', text('\n'), 'reached'],
  ])('termination log: %s', (_, observation, outcome) =>
    expect(see('/dev/termination-log', observation)).toBe(outcome),
  );
});

describe('volumeOfAnother', () => {
  const see = (value: object) =>
    inWords(decided(volumeOfAnother(), { value: { ...value } }, { attempt: list('/tmp') }));
  const entries = (...names: string[]) => names.map((name) => ({ name, type: 'file' }));

  test.each([
    ['nothing', { entries: [] }, 'absent'],
    ["the probe's own device files", { entries: entries('.cofferdam-17', '.cofferdam-4') }, 'absent'],
    ['a file', { entries: entries('.cofferdam-17', 'passwd') }, 'reached'],
    ['a name like our own', { entries: entries('.cofferdam-17x') }, 'reached'],
    ['a file, and more', { entries: entries('passwd'), truncated: true }, 'reached'],
    ['more', { entries: [], truncated: true }, 'undecided'],
    ['no list', {}, 'undecided'],
  ])('%s', (_, value, outcome) => expect(see(value)).toBe(outcome));
  test('a directory that is not there', () =>
    expect(inWords(decided(volumeOfAnother(), { errno: 'ENOENT', step: 'open' }, { attempt: list('/tmp') }))).toBe(
      'absent',
    ));
});

describe('fileOutsideTheImage', () => {
  const found = (...paths: string[]) => ({ files: paths.map((path) => ({ path, type: 'file' })), truncated: false });
  const outcome = (value: object, given: Given = {}) =>
    decided(fileOutsideTheImage(), { value: { ...value } }, { attempt: files(), ...given });
  const see = (value: object, given: Given = {}) => inWords(outcome(value, { reference: {}, itself: true, ...given }));
  const own = '/cofferdam-probe';

  test.each([
    ["the image's own", found(own), 'absent'],
    ['what engines put there', found(own, '/.dockerenv', '/etc/mtab', '/.stargz-snapshotter/sha256:0.json'), 'absent'],
    [
      'places for mounts',
      found(own, '/etc/hosts', '/etc/hostname', '/etc/resolv.conf', '/dev/termination-log'),
      'absent',
    ],
    ["a device file of another container's probe", found('/.cofferdam-17'), 'absent'],
    ['none', found(), 'absent'],
    ['a file at the top', found(own, '/id_rsa'), 'reached'],
    ["one that has an engine's name further down", found('/opt/.dockerenv'), 'reached'],
    ["one that begins with the image's name", found('/cofferdam-probe2'), 'reached'],
    ['a secret of the node', found('/etc/shadow'), 'reached'],
    ['more', { ...found(own), truncated: true }, 'undecided'],
    ['one and more', { ...found('/id_rsa'), truncated: true }, 'reached'],
    ['no list', {}, 'undecided'],
  ])('%s', (_, value, kind) => expect(see(value)).toBe(kind));
  test('is told by one', () =>
    expect(outcome(found('/a', '/b'))).toMatchObject({
      kind: 'reached',
      seen: "there are 2 files beside the image's, /a for one",
    }));
  test('what the pod under the reference handler has as well is no difference', () => {
    const has = (...paths: string[]): Given => ({ reference: { value: found(...paths) }, itself: false });
    expect(see(found(own, '/left'), has(own, '/left'))).toBe('absent');
    expect(see(found(own, '/left', '/more'), has(own, '/left'))).toBe('reached');
    expect(see(found(own, '/left'), has(own))).toBe('reached');
    expect(see(found('/left'), { ...has('/left'), itself: true })).toBe('reached');
  });
  test('is looked for without a witness, and in the pod under the reference handler', () => {
    expect(fileOutsideTheImage()).toMatchObject({ needsWitness: false, comparesWithReference: true });
    expect(fileOutsideTheImage().truths(files())).toEqual([]);
  });
  test('is undecided where that pod’s are not known, unless there is none', () => {
    for (const reference of [null, { errno: 'EPERM' }]) {
      expect(see(found('/left'), { reference, itself: false })).toBe('undecided');
      expect(see(found(own), { reference, itself: false })).toBe('absent');
    }
  });
  test('takes a failure as what it is', () =>
    expect(inWords(decided(fileOutsideTheImage(), { notAttempted: 'cut' }, { attempt: files() }))).toBe(
      'not-attempted',
    ));
});
