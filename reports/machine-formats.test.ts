import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../harness/catalogue.ts';
import { formats } from './formats.ts';
import { validators } from './schemas/validators.ts';
import { fakeAccepted, fakeDetails, fakeReference, fakeRun, fakeVerdict } from './testing.ts';

const check = 'tenant-network/default-deny-stops-tcp';
const path = { check, verdict: 'held', to: { node: 'node-b', handler: 'runc' } } as const;

const accepted = fakeAccepted({ node: 'node-b' });
const runs = {
  'every verdict': fakeRun([
    fakeVerdict(),
    fakeVerdict({ node: 'node-b', verdict: 'breached', reason: 'the node answered' }),
    fakeVerdict({ check: 'kernel-isolation/boot-time-is-not-the-nodes', verdict: 'inconclusive', reason: 'no answer' }),
    fakeVerdict({ handler: 'runc', isolationClass: 'shared-kernel', verdict: 'exposed' }),
    fakeVerdict({ check: 'namespace-escape/core-pattern-is-not-writable', verdict: 'not-applicable' }),
    fakeVerdict(path),
    fakeVerdict({ ...path, to: { node: 'node-c', handler: 'kata-qemu' } }),
    fakeVerdict({ check: 'a-check/of-another-version', isolationClass: null, verdict: 'inconclusive' }),
  ]),
  'nothing at all': fakeRun([]),
  'an accepted verdict': fakeRun([fakeVerdict(), ...accepted.verdicts], {
    deviations: accepted.deviations,
  }),
  'an interrupted run': fakeRun([fakeVerdict()], {
    roster: [
      { check, cell: 'kata-qemu/node-a' },
      { check, cell: 'kata-qemu/node-b' },
    ],
    run: { ...fakeRun([]).run, interrupted: 'SIGINT' },
    cells: [fakeReference({ node: 'node-a' })],
  }),
};
const catalogue = await loadCatalogue();

describe.each(Object.entries(validators))('%s', (name, validate) => {
  const { render, check: self } = formats[name]!;

  describe.each(Object.entries(runs))('%s', (_, run) => {
    it.each([
      ['the catalogue', catalogue],
      ['made up checks', fakeDetails],
      ['no checks known', new Map()],
    ])('is valid and says what run.json says, with %s', (__, details) => {
      const text = render(run, details);
      expect(validate(text)).toEqual([]);
      expect(() => self(text, run)).not.toThrow();
      expect(render(run, details)).toBe(text);
    });
  });

  it('says who accepts a verdict, until when and why, and which file says so', () => {
    const text = render(runs['an accepted verdict'], catalogue);
    expect(text).toContain('accepted until 2027-03-31 by Jo Doe: Ticket 4711.');
    expect(text).toContain('accepted.yaml, SHA-256 c0ffee');
    const forged = text.replaceAll('Jo Doe', 'Ann Other');
    expect(() => self(forged, runs['an accepted verdict'])).toThrow(/does not say what run.json says/);
  });

  it('is held to a schema that can fail', () => {
    const text = render(runs['every verdict'], catalogue);
    // A value of a type that no field of ours has.
    const broken = text.replace(/: "[^"]*"(,?)\n/, ': [17]$1\n');
    expect(broken).not.toBe(text);
    expect(validate(broken)).not.toEqual([]);
  });

  const run = runs['every verdict'];
  const word = 'a word of the catalogue';
  const control = 'nist-800-53@5.1.1#SC-39';
  const words = new Map(
    run.verdicts.map((one) => [one.check, { claim: word, because: word, requirements: [control, `some@1#${word}`] }]),
  );
  const text = render(run, words);

  it('notices a change in any line but those that only the catalogue knows', () => {
    const lines = text.split('\n');
    const unnoticed = lines.filter((line, index) => {
      const changed = line.replace(/[A-Za-z0-9](?=[^A-Za-z0-9]*$)/, (sign) => (sign === '1' ? '2' : '1'));
      try {
        self(lines.with(index, changed).join('\n'), run);
        return changed !== line;
      } catch {
        return false;
      }
    });
    expect(lines.length).toBeGreaterThan(50);
    // Which line of its file a check is on, too, only the catalogue knows.
    const known = [word, control, '"startLine"'];
    expect(unnoticed.filter((line) => !known.some((one) => line.includes(one)))).toEqual([]);
  });

  it.each([
    ['half a file', text.slice(0, text.length / 2)],
    ['an empty file', ''],
    ['another program’s JSON', '{"version":"2.1.0","runs":[]}\n'],
    ['another file', '<testsuites/>'],
    ['null', 'null\n'],
    ['a line too many', `${text}\n`],
    ['the file of another run', render(runs['nothing at all'], catalogue)],
  ])('refuses %s', (_, written) => {
    expect(() => self(written, run)).toThrow(
      / (does not say what run.json says: line \d+ is|is not as cofferdam writes it: )/,
    );
  });
});
