import { describe, expect, test } from 'vitest';
import { call, identity, load, read } from '../attempt.ts';
import type { Oracle } from '../outcome.ts';
import { decided, inWords } from '../testing/oracle-input.ts';
import type { Given } from '../testing/oracle-input.ts';
import {
  allowed,
  allowedBeyondTheReference,
  nodeCounterMoved,
  sameBootId,
  sameBootTime,
  sameContent,
  sameModules,
} from './kernel.ts';

const kernels = ['node', 'another', 'unknown'] as const;
/** What comes out when the node's kernel answered, another, and nobody knows which. */
const byKernel = (oracle: Oracle, value: Record<string, unknown>, given: Given = {}) =>
  kernels.map((kernel) => inWords(decided(oracle, { value }, { ...given, kernel })));
const worked = ['reached', 'contained', 'undecided'];
const differed = ['undecided', 'contained', 'undecided'];

const every: [string, Oracle][] = [
  ['allowed', allowed()],
  ['allowedBeyondTheReference', allowedBeyondTheReference()],
  ['sameContent', sameContent()],
  ['sameBootId', sameBootId()],
  ['sameBootTime', sameBootTime()],
  ['sameModules', sameModules()],
  ['nodeCounterMoved', nodeCounterMoved()],
];

describe.each(every)('%s', (_, oracle) => {
  test('takes a failure as what it is, before anything else', () => {
    expect(inWords(decided(oracle, { errno: 'EPERM' }))).toBe('denied EPERM');
    expect(inWords(decided(oracle, { errno: 'ENOENT' }))).toBe('absent');
    expect(inWords(decided(oracle, { notAttempted: 'cut' }))).toBe('not-attempted');
    expect(inWords(decided(oracle, {}))).toBe('not-attempted');
  });
  test('needs the witness', () => expect(oracle.needsWitness).toBe(true));
});

const compared: [string, Oracle][] = every.filter(([name]) => name.startsWith('same'));

describe.each(compared)('%s', (_, oracle) => {
  test('asks the witness for the same, and decides nothing without it', () => {
    expect(oracle.truths(identity())).toEqual([identity()]);
    expect(decided(oracle, { value: { bootId: 'a' } }, { witness: null })).toMatchObject({
      kind: 'undecided',
      why: 'the witness could not see the same on the node (no witness)',
    });
    expect(decided(oracle, { value: { bootId: 'a' } }, { truth: { errno: 'EACCES' } })).toMatchObject({
      kind: 'undecided',
      why: 'the witness could not see the same on the node (EACCES)',
    });
    expect(decided(oracle, { value: { bootId: 'a' } }, { truth: { notAttempted: 'cut' } })).toMatchObject({
      why: 'the witness could not see the same on the node (cut)',
    });
  });
});

describe.each([
  ['allowed', allowed()],
  ['allowedBeyondTheReference', allowedBeyondTheReference()],
  ['nodeCounterMoved', nodeCounterMoved()],
])('%s', (_, oracle) => {
  test('compares nothing with the node', () => expect(oracle.truths(identity())).toEqual([]));
});

test('what was allowed reached the kernel that answered', () => {
  expect(byKernel(allowed(), {}, { attempt: call('keyctl') })).toEqual(worked);
});

describe('what was allowed, compared with the reference handler', () => {
  const compared = (reference: Given['reference'], given: Given = {}) =>
    byKernel(
      allowedBeyondTheReference(),
      {},
      { attempt: call('keyctl'), ...(reference !== undefined && { reference }), ...given },
    );
  const noDifference = ['absent', 'contained', 'undecided'];
  test('is reached where that refuses it, by whatever number', () => {
    expect(compared({ errno: 'EPERM' })).toEqual(worked);
    // The number with which the profile of Podman and CRI-O refuses.
    expect(compared({ errno: 'ENOSYS' })).toEqual(worked);
  });
  test('is no difference where that allows it', () =>
    expect(compared({ value: {} })).toEqual(['absent', 'contained', 'undecided']));
  test('decides nothing where that said nothing', () => {
    expect(compared(null)).toEqual(['undecided', 'contained', 'undecided']);
    expect(compared({ notAttempted: 'cut' })).toEqual(['undecided', 'contained', 'undecided']);
  });
  test('is reached in a control, which is compared with nothing', () => expect(compared(undefined)).toEqual(worked));
  test.each(['containerd', 'docker'])(
    'is reached where no profile of %s has it, whatever the reference allows',
    (engine) => {
      for (const reference of [{ value: {} }, { notAttempted: 'cut' }, null])
        expect(compared(reference, { witness: { engine } })).toEqual(worked);
      expect(compared({ value: {} }, { witness: { engine }, itself: true })).toEqual(worked);
    },
  );
  test('is no difference where profiles of the engine have it, or the engine is not known', () => {
    for (const engine of ['cri-o', '']) expect(compared({ value: {} }, { witness: { engine } })).toEqual(noDifference);
    // Versions of containerd before 2.0 allow it.
    const ring = { attempt: call('io_uring_setup'), witness: { engine: 'containerd' } };
    expect(compared({ value: {} }, ring)).toEqual(noDifference);
  });
  test('can be compared with nothing in the reference itself', () => {
    const itself = (given: Given) =>
      decided(allowedBeyondTheReference(), { value: {} }, { attempt: call('keyctl'), kernel: 'node', ...given });
    expect(itself({ reference: { value: {} }, itself: true })).toMatchObject({
      kind: 'absent',
      noBoundary: 'this is the reference handler: there is no other to compare with',
    });
    expect(itself({ reference: { value: {} } })).not.toHaveProperty('noBoundary');
  });
});

describe('content', () => {
  const attempt = read('/proc/version');
  const node = { truth: { value: { sha256: 'aa', text: 'node' } }, attempt };
  test('that is the same reached the node’s kernel', () =>
    expect(byKernel(sameContent(), { sha256: 'aa', text: 'node' }, node)).toEqual(worked));
  test('that differs is contained under another kernel', () => {
    expect(byKernel(sameContent(), { sha256: 'bb', text: 'node' }, node)).toEqual(differed);
    expect(decided(sameContent(), { value: { sha256: 'bb', text: 'mine' } }, node)).toMatchObject({
      seen: 'it reads “mine”, on the node “node”',
    });
  });
});

describe('a boot id', () => {
  const node = { truth: { value: { bootId: 'one' } } };
  test('that is the node’s says by itself whose kernel it is', () =>
    expect(byKernel(sameBootId(), { bootId: 'one' }, node)).toEqual(['reached', 'reached', 'reached']));
  test('that differs is contained under another kernel', () =>
    expect(byKernel(sameBootId(), { bootId: 'two' }, node)).toEqual(differed));
  test.each([{}, { bootId: '' }])('that is not there is absent: %j', (value) => {
    expect(byKernel(sameBootId(), value, node)).toEqual(['absent', 'absent', 'absent']);
    expect(byKernel(sameBootId(), value, { truth: { value } })).toEqual(['absent', 'absent', 'absent']);
  });
});

describe('a boot time', () => {
  const node = { truth: { value: { btime: 1000 } } };
  test.each([998, 1000, 1002, '1001'])('of %s is the node’s, two clocks read one after the other', (btime) =>
    expect(byKernel(sameBootTime(), { btime }, node)).toEqual(worked),
  );
  test.each([997, 1003, 0])('of %s is another’s', (btime) =>
    expect(byKernel(sameBootTime(), { btime }, node)).toEqual(differed),
  );
  test('that is missing on either side decides nothing', () => {
    expect(byKernel(sameBootTime(), {}, node)).toEqual(['undecided', 'undecided', 'undecided']);
    expect(byKernel(sameBootTime(), { btime: 'soon' }, node)[1]).toBe('undecided');
    expect(byKernel(sameBootTime(), { btime: 1000 }, { truth: { value: {} } })[1]).toBe('undecided');
  });
});

describe('a list of modules', () => {
  /** As /proc/modules has them: a line each, the name first. */
  const lines = (...names: string[]) => names.map((name) => `${name} 16384 0 - Live 0x0\n`).join('');
  const names = Array.from({ length: 20 }, (_, index) => `m${index}`);
  const node = { truth: { value: { text: lines(...names) } } };
  test('with nine tenths of the names in common is the node’s', () => {
    expect(byKernel(sameModules(), { text: lines(...names) }, node)).toEqual(worked);
    expect(byKernel(sameModules(), { text: lines(...names.slice(2)) }, node)).toEqual(worked);
    expect(byKernel(sameModules(), { text: lines(...names, 'x', 'y') }, node)).toEqual(worked);
  });
  test('with fewer is another’s, whether names are missing or, under another kernel, too many', () => {
    expect(byKernel(sameModules(), { text: lines(...names.slice(3)) }, node)).toEqual(differed);
    const more = lines(...names, ...names.map((name) => `${name}x`));
    expect(byKernel(sameModules(), { text: more }, node)).toEqual(['reached', 'contained', 'undecided']);
    expect(byKernel(sameModules(), { text: lines(...names.slice(3), 'x', 'y', 'z') }, node)).toEqual(differed);
  });
  test('that is empty is another’s', () => {
    for (const text of ['', undefined, 7])
      expect(decided(sameModules(), { value: { text } }, node)).toEqual({
        kind: 'contained',
        seen: 'it lists no modules',
      });
  });
  test('is compared by names, not by what stands behind them', () =>
    expect(byKernel(sameModules(), { text: lines(...names).replaceAll('16384', '1') }, node)).toEqual(worked));
  test('whose last line is cut off loses that line', () => {
    const ten = names.slice(0, 10);
    expect(
      byKernel(sameModules(), { text: lines(...ten).slice(0, -1) }, { truth: { value: { text: lines(...ten) } } }),
    ).toEqual(worked);
    expect(byKernel(sameModules(), { text: 'm0 16384' }, node)).toEqual(differed);
  });
  test('decides nothing when the node itself lists none', () =>
    expect(byKernel(sameModules(), { text: lines('a') }, { truth: { value: { text: '' } } })).toEqual([
      'undecided',
      'undecided',
      'undecided',
    ]));
  test('of one module is compared like any other', () =>
    expect(byKernel(sameModules(), { text: lines('a') }, { truth: { value: { text: lines('a') } } })).toEqual(worked));
});

describe('the node’s counter', () => {
  const attempt = load('{load.slots}');
  const moved = (...counterChanges: number[]) => ({ attempt, witness: { counterChanges } });
  test('that moved by just the number reserved was moved from here', () =>
    expect(byKernel(nodeCounterMoved(), { reserved: 2500 }, moved(10, 2500))).toEqual([
      'reached',
      'reached',
      'reached',
    ]));
  test('that moved by another number was not', () =>
    expect(byKernel(nodeCounterMoved(), { reserved: 2500 }, moved(2499, 5000))).toEqual(differed));
  test('that moved too often to be watched decides nothing, unless it was seen', () => {
    const watched = (...counterChanges: number[]) => ({ attempt, witness: { counterChanges, counterCut: true } });
    const kinds = [watched(1), watched(2500)].map((given) =>
      byKernel(nodeCounterMoved(), { reserved: 2500 }, given).join(' '),
    );
    expect(kinds).toEqual(['undecided undecided undecided', 'reached reached reached']);
  });
  test('that nobody watched decides nothing', () =>
    expect(decided(nodeCounterMoved(), { value: { reserved: 2500 } }, { attempt, witness: null }).kind).toBe(
      'undecided',
    ));
  test('says nothing of a container that does not say how much it reserved', () => {
    expect(byKernel(nodeCounterMoved(), {}, moved(0))).toEqual(differed);
  });
});
