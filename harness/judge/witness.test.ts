import { describe, expect, test } from 'vitest';
import { identity, read } from '../attempt.ts';
import { attemptId } from '../attempt.ts';
import type { ContainerEvidence } from '../evidence.ts';
import { cellOf, evidenceOf, nodeBoot, runc, subject, witness } from '../testing/evidence.ts';
import { nodeView } from './witness.ts';

const told = (observations: ContainerEvidence['observations'], rest: Partial<ContainerEvidence> = {}) =>
  nodeView(evidenceOf([{ ...witness(), observations, ...rest }], { canaries: { n: { file: 'token' } } }), 'n');
const planted = { id: 'planted', kind: 'witness', value: {} };

describe('a witness', () => {
  test('is the one of the node that is asked for', () => {
    const elsewhere = cellOf('runc', 'shared-kernel', { id: 'runc/m', node: 'm', reference: true });
    const other = { ...witness({ pods: ['elsewhere'] }), cell: elsewhere.id };
    const evidence = evidenceOf([subject(runc, 'x'), other, witness({ pods: ['here'] })], { cells: [elsewhere, runc] });
    expect(nodeView(evidence, 'n')?.pods).toEqual(['uid-here']);
    expect(nodeView(evidence, 'm')?.pods).toEqual(['uid-elsewhere']);
    expect(nodeView(evidence, 'o')).toBeUndefined();
  });
  test('watched from beginning to end when it planted, and reported to its end', () => {
    expect(told([planted])?.complete).toBe(true);
    expect(told([planted], { complete: false })?.complete).toBe(false);
    expect(told([{ id: 'other', kind: 'witness', value: {} }])?.complete).toBe(false);
  });
  test('whose census was cut did not watch to the end', () => {
    const cut = { id: 'census', kind: 'truncated', value: { maxProcesses: 1 } };
    expect(told([planted, cut])?.complete).toBe(false);
  });
  test('says when the counter moved too often', () => {
    const counter = (value: object) =>
      told([planted, { id: 'counter', kind: 'counter', value: { changes: [], ...value } }]);
    expect([counter({})?.counterCut, counter({ truncated: true })?.counterCut]).toEqual([false, true]);
  });
  test('tells what the same attempt sees on the node', () => {
    const seen = { id: attemptId(read('/x')), kind: 'read', value: { text: 'y' } };
    const view = told([planted, seen]);
    expect(view?.truth(read('/x'))).toEqual(seen);
    expect(view?.truth(read('/z'))).toBeUndefined();
  });
  test('has planted a canary only when it says that it could', () => {
    const canary = (value?: object) => told([planted, { id: 'canary.file', kind: 'canary', ...value }])?.canary('file');
    expect(canary({ value: { path: '/x' } })).toBe('token');
    expect(canary({ errno: 'EROFS' })).toBeUndefined();
    expect(told([planted])?.canary('file')).toBeUndefined();
    expect(told([planted, { id: 'canary.socket', kind: 'canary', value: {} }])?.canary('socket')).toBeUndefined();
  });
  test('adds up the changes of the counter from all its lines, and from no others', () => {
    const changes = (id: string, ...of: number[]) => ({ id, kind: 'counter', value: { changes: of } });
    expect(
      told([
        changes('counter', 1, 2),
        changes('else', 3),
        { id: 'counter', kind: 'counter', errno: 'E' },
        changes('counter', 4),
      ])?.counterChanges,
    ).toEqual([1, 2, 4]);
  });
  test('tells the namespaces of the node’s first process', () => {
    const of = (value: object) => told([{ id: 'truth.namespaces', kind: 'namespaces', ...value }])?.namespaces;
    expect(of({ value: { pid1: { pid: 'N' }, self: { pid: 'S' } } })).toEqual({ pid: 'N' });
    expect(of({ errno: 'EACCES' })).toEqual({});
    expect(of({ value: {} })).toEqual({});
  });
  test('takes its census for what it is: pods, processes, and nothing that failed', () => {
    const view = told([
      { id: 'census', kind: 'pod', value: { uid: 'a' } },
      { id: 'census', kind: 'process', value: { pid: 1 } },
      { id: 'census', kind: 'shared-namespace', value: { kind: 'ipc' } },
      { id: 'census', kind: 'pod', errno: 'EACCES' },
      { id: 'elsewhere', kind: 'pod', value: { uid: 'b' } },
      { id: 'elsewhere', kind: 'process', value: { pid: 2 } },
    ]);
    expect(view?.pods).toEqual(['a']);
    expect(view?.processes).toEqual([{ pid: 1 }]);
    expect(view?.shared).toEqual([{ kind: 'ipc' }]);
  });
});

describe('where no witness spoke', () => {
  const node = {
    name: 'n',
    kernel: '',
    osImage: '',
    architecture: '',
    containerRuntime: '',
    kubelet: '',
    bootId: nodeBoot,
  };
  const silent = { ...witness(), observations: [] };
  test.each([
    ['none ran', []],
    ['it said nothing', [silent]],
  ])('because %s, the status of the node tells its boot id and nothing else', (_, containers) => {
    const view = nodeView(evidenceOf(containers, { nodes: [{ ...node, name: 'm', bootId: 'other' }, node] }), 'n');
    expect(view).toMatchObject({
      complete: false,
      identity: { bootId: nodeBoot },
      counterChanges: [],
      processes: [],
      shared: [],
      pods: [],
      namespaces: {},
    });
    expect(view?.truth(identity())).toEqual({
      id: attemptId(identity()),
      kind: 'identity',
      value: { bootId: nodeBoot },
    });
    expect(view?.truth(read('/x'))).toBeUndefined();
    expect(view?.canary('file')).toBeUndefined();
  });
  test('and no boot id is in the status, nothing is known', () => {
    expect(nodeView(evidenceOf([], { nodes: [{ ...node, bootId: '' }] }), 'n')).toBeUndefined();
    expect(nodeView(evidenceOf([], { nodes: [{ ...node, name: 'm' }] }), 'n')).toBeUndefined();
  });
  test('one line is a word of a witness', () =>
    expect(
      nodeView(evidenceOf([{ ...silent, observations: [planted] }], { nodes: [node] }), 'n')?.identity,
    ).toBeUndefined());
});
