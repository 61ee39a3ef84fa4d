import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attemptId, call } from '../attempt.ts';
import { contained, deniedWith, notThere, onReference, stopped, weakened } from '../check.ts';
import type { Control, Expectation } from '../check.ts';
import { evaluate } from './evaluate.ts';
import type { ContainerEvidence } from '../evidence.ts';
import { parseFrames } from '../collect/frame.ts';
import { checkOf } from '../testing/check.ts';
import { evidenceOf, gvisor, nodeBoot, runc, subject, witness } from '../testing/evidence.ts';

/**
 * Subjects and controls that lie, through the very code that reads and judges them. A subject knows its own nonce, so it can
 * say that it was refused, or that it runs on another kernel, whatever is true. What it cannot do is make a control get
 * through, take back what the node saw of it, or leave out what it was asked: none of that may end as held.
 */
const nonce = 'beef';
const attempts = [call('keyctl'), call('bpf')];
const [first, second] = attempts.map(attemptId);

const check = (control: Control, expected: Expectation) => checkOf(control, expected, attempts);
const expectations: Expectation[] = [
  deniedWith('EPERM'),
  contained,
  stopped('denied', 'absent', 'contained'),
  notThere('it has none'),
];
const controls: Control[] = [onReference('privileged'), weakened('privileged')];

const framed = (seq: number, json: object, by = nonce) => `cofferdam/1 ${by} ${seq} ${JSON.stringify(json)}`;
const identity = { id: 'i', kind: 'identity', value: { bootId: 'own' } };
const answer = (id: string | undefined, result: object) => ({ id, kind: 'call', ...result });
const refused = { errno: 'EPERM', step: 'call' };

/** What a subject prints that is refused everything, and says so to the end. */
const honest = [
  framed(1, identity),
  framed(2, answer(first, refused)),
  framed(3, answer(second, refused)),
  framed(4, { end: true, count: 3 }),
];

/** A container under test, as the collector reads it from this log. */
function printing(log: string): ContainerEvidence {
  const { observations, complete, cause } = parseFrames(log, nonce);
  return subject(gvisor, undefined, {
    profile: 'restricted',
    container: 'restricted',
    complete,
    observations,
    ...(cause !== undefined && { cause }),
  });
}

/** The reference's pod, to which everything is allowed. */
const reaches = (
  results: object[] = [{ value: {} }, { value: {} }],
  rest: Partial<ContainerEvidence> = {},
): ContainerEvidence =>
  subject(runc, nodeBoot, {
    profile: 'privileged',
    container: 'privileged',
    observations: [
      { id: 'i', kind: 'identity', value: { bootId: nodeBoot } },
      ...results.map((result, index) => ({ id: attemptId(attempts[index] ?? call('none')), kind: 'call', ...result })),
    ],
    ...rest,
  });

const verdicts = (containers: ContainerEvidence[], expected = expectations): string[] =>
  controls.flatMap((control) =>
    expected.map((expectation) => {
      const one = check(control, expectation);
      return evaluate(one, { check: one.id, cell: gvisor.id }, evidenceOf(containers), new Map([[one.id, one]]))
        .verdict;
    }),
  );

const heardOf = (...lines: string[]) => verdicts([witness(), reaches(), printing(lines.join('\n'))]);

test('an honest subject that is refused is held: what follows can fail', () => {
  expect(heardOf(...honest)).toEqual(['held', 'inconclusive', 'held', 'held', 'held', 'inconclusive', 'held', 'held']);
});

describe('a lying subject is never held', () => {
  test.each<[string, string[]]>([
    ['that prints nothing', []],
    ['that prints anything but the probe’s lines', ['all is well', 'denied: EPERM', '{"id":"x","errno":"EPERM"}']],
    ['whose lines are another’s', honest.map((line) => line.replace(nonce, 'dead'))],
    [
      'that leaves out an attempt, and counts as if it had not been asked',
      [honest[0]!, honest[1]!, framed(3, { end: true, count: 2 })],
    ],
    ['that stops before an attempt', honest.slice(0, 2)],
    ['that contradicts itself', [...honest, framed(2, answer(first, { value: {} }))]],
    ['that contradicts itself beforehand', [framed(2, answer(first, { value: {} })), ...honest]],
    [
      'that says two things at once of an attempt',
      [honest[0]!, framed(2, answer(first, { ...refused, value: {} })), ...honest.slice(2)],
    ],
    ['that says nothing of an attempt', [honest[0]!, framed(2, answer(first, {})), ...honest.slice(2)]],
    ['whose line is cut off', [honest[0]!, honest[1]!.slice(0, -5), ...honest.slice(2)]],
    [
      'that says when asked that it was not attempted',
      [honest[0]!, framed(2, answer(first, { notAttempted: 'deadline' })), ...honest.slice(2)],
    ],
    ['that answers what it was not asked', [honest[0]!, framed(2, answer('call-0', refused)), ...honest.slice(2)]],
    [
      'that answers with an error of its own making',
      [honest[0]!, framed(2, answer(first, { errno: 7 })), ...honest.slice(2)],
    ],
  ])('%s', (_, lines) => expect(heardOf(...lines)).not.toContain('held'));

  test('that says it runs on another kernel, while the node sees its process', () => {
    const forged = [
      honest[0]!,
      framed(2, answer(first, { value: {} })),
      framed(3, answer(second, { value: {} })),
      honest[3]!,
    ];
    const seen = [witness({ marks: ['runc', 'runsc'] }), reaches(), printing(forged.join('\n'))];
    expect(new Set(verdicts(seen))).toEqual(new Set(['breached']));
  });

  test('that says it runs on another kernel, and cannot be seen because the witness went away', () => {
    const forged = [
      honest[0]!,
      framed(2, answer(first, { value: {} })),
      framed(3, answer(second, { value: {} })),
      honest[3]!,
    ];
    const seen = [witness({ complete: false }), reaches(), printing(forged.join('\n'))];
    expect(verdicts(seen)).not.toContain('held');
  });

  test('that prints what it should after its last line is not believed to the end', () => {
    const late = printing(
      [...honest.slice(0, 3), framed(4, { end: true, count: 2 }), framed(5, { end: true, count: 4 })].join('\n'),
    );
    expect(late.complete).toBe(false);
  });

  test('that repeats its lines word by word says the same as once', () =>
    expect(heardOf(...honest, ...honest, ...honest.toReversed())).toEqual(heardOf(...honest)));

  test('that floods its log up to what is read of it loses its last words', () => {
    // The collector reads a beginning of fixed length, so the end of a flood is not there.
    const flood = Array.from({ length: 50_000 }, (_, index) => framed(index + 1, identity)).join('\n');
    expect(heardOf(flood)).not.toContain('held');
    expect(printing(flood).complete).toBe(false);
  });

  test('that is missing any of its lines', () => {
    for (const index of honest.keys()) {
      const { complete } = printing(honest.toSpliced(index, 1).join('\n'));
      expect(complete, `without line ${index + 1}`).toBe(false);
    }
    expect(heardOf(honest[0]!, ...honest.slice(2))).not.toContain('held');
    expect(heardOf(...honest.slice(0, 2), honest[3]!)).not.toContain('held');
  });
});

describe('a lying control makes nothing held', () => {
  const honestSubject = printing(honest.join('\n'));
  test.each<[string, ContainerEvidence[]]>([
    ['that was never planned', []],
    ['that never started', [reaches([], { complete: false, cause: 'the container never ran', observations: [] })]],
    ['that started, and died', [reaches([{ value: {} }], { complete: false, cause: 'exit code 137' })]],
    ['that is denied too', [reaches([refused, refused])]],
    ['that is denied in one of two', [reaches([{ value: {} }, refused])]],
    ['that finds nothing', [reaches([{ errno: 'ENOSYS' }, { errno: 'ENOSYS' }])]],
    ['that did not attempt it', [reaches([{ notAttempted: 'deadline' }, { notAttempted: 'deadline' }])]],
    ['whose kernel nobody knows', [reaches(undefined, { facts: {}, observations: reaches().observations.slice(1) })]],
    ['that is another cell’s', [reaches(undefined, { cell: 'runc/elsewhere' })]],
    ['that is no subject', [reaches(undefined, { role: 'client' })]],
    ['that ran in another profile', [reaches(undefined, { profile: 'default-root' })]],
  ])('%s', (_, control) => expect(verdicts([witness(), ...control, honestSubject])).not.toContain('held'));
});

describe('whatever is missing', () => {
  const whole = [witness(), reaches(), printing(honest.join('\n'))];
  /** The containers of the run with these observations alone, by container and place. */
  const keeping = (kept: readonly boolean[]) => {
    let place = 0;
    return whole.map((container) => {
      const all = container.observations.map((one) => ({ one, keep: kept[place++] ?? true }));
      return {
        ...container,
        complete: container.complete && all.every(({ keep }) => keep),
        observations: all.filter(({ keep }) => keep).map(({ one }) => one),
      };
    });
  };
  const places = whole.reduce((sum, container) => sum + container.observations.length, 0);

  test('no subset of the observations is held without its control', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: places, maxLength: places }), (kept) => {
        const containers = keeping(kept);
        const control = containers[1]?.observations.filter((one) =>
          attempts.some((made) => attemptId(made) === one.id),
        );
        const asked = containers[2]?.observations.filter((one) => attempts.some((made) => attemptId(made) === one.id));
        return !verdicts(containers).includes('held') || (control?.length === 2 && asked?.length === 2);
      }),
      { numRuns: 100 },
    );
  });

  test('no order of the lines changes what is said', () => {
    const usual = heardOf(...honest);
    fc.assert(
      fc.property(fc.shuffledSubarray(honest, { minLength: honest.length }), (lines) => {
        expect(heardOf(...lines)).toEqual(usual);
      }),
      { numRuns: 100 },
    );
  });

  test('no order of the containers changes a verdict', () => {
    const usual = verdicts(whole);
    fc.assert(
      fc.property(fc.shuffledSubarray(whole, { minLength: whole.length }), (containers) => {
        expect(verdicts(containers)).toEqual(usual);
      }),
    );
  });

  test('no subset of the lines is held without all that was asked', () => {
    fc.assert(
      fc.property(fc.subarray(honest), (lines) => {
        const asked = [honest[0]!, honest[1]!, honest[2]!].every((line) => lines.includes(line));
        return asked || !heardOf(...lines).includes('held');
      }),
    );
  });
});
