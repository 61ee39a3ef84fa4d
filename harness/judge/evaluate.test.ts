import { describe, expect, test } from 'vitest';
import { againId, attemptId, call, identity, mounts } from '../attempt.ts';
import type { Attempt } from '../attempt.ts';
import { contained, deniedWith, onReference, reaches, stopped, weakened } from '../check.ts';
import type { Check, Control, Expectation, ProfileName } from '../check.ts';
import { attempted, evaluate } from './evaluate.ts';
import type { Cell, ContainerEvidence, Evidence } from '../evidence.ts';
import { allowed, allowedBeyondTheReference, capabilitiesBeyond } from '../oracles.ts';
import type { Oracle } from '../outcome.ts';
import { checkOf } from '../testing/check.ts';
import { cellOf, evidenceOf, gvisor, nodeBoot, runc, subject, witness } from '../testing/evidence.ts';

const attempt = call('keyctl');
const check = (
  control: Control,
  expected: Expectation,
  reached: Oracle = allowed(),
  made: Attempt | Attempt[] = attempt,
) => checkOf(control, expected, made, reached);

/** A container that ran to its end, with what its attempt came to. */
const ran = (
  cell: typeof runc,
  profile: ProfileName,
  result: object | undefined,
  rest: Partial<ContainerEvidence> = {},
) => {
  const base = subject(cell, cell === runc ? nodeBoot : 'own', { profile, container: profile, ...rest });
  const seen = result ? [{ id: attemptId(attempt), kind: 'call', ...result }] : [];
  return { ...base, observations: [...base.observations, ...seen] };
};
const works = { value: {} };
const refused = { errno: 'EPERM', step: 'keyctl' };

const judge = (
  one: Check,
  containers: ContainerEvidence[],
  { cell = gvisor, path, ...rest }: Partial<Evidence> & { cell?: typeof gvisor; path?: string } = {},
) =>
  evaluate(
    one,
    { check: one.id, cell: cell.id, ...(path !== undefined && { path }) },
    evidenceOf(containers, rest),
    new Map([[one.id, one]]),
  );

describe('a check that is made in another container, too', () => {
  const one = { ...check(onReference('privileged'), deniedWith('EPERM')), alsoIn: ['default-root'] as const };
  const denied = ran(gvisor, 'restricted', refused);
  const control = ran(runc, 'privileged', works);
  const verdict = (...others: ContainerEvidence[]) => judge(one, [witness(), denied, control, ...others]);

  test('is held when it is in both', () =>
    expect(verdict(ran(gvisor, 'default-root', refused))).toMatchObject({
      verdict: 'held',
      observed:
        'call keyctl: denied: keyctl returned EPERM; call keyctl, in the default-root container: denied: keyctl returned EPERM',
    }));
  test('is what the worse of them is', () => {
    const worse = {
      verdict: 'inconclusive',
      reason: expect.stringContaining('call keyctl, in the default-root container') as string,
    };
    expect(verdict(ran(gvisor, 'default-root', works))).toMatchObject(worse);
    const other = ran(gvisor, 'default-root', refused);
    expect(judge(one, [witness(), ran(gvisor, 'restricted', works), control, other]).verdict).toBe('inconclusive');
  });
  test('is inconclusive when one of them is missing', () => {
    expect(verdict().verdict).toBe('inconclusive');
    expect(judge(one, [witness(), ran(gvisor, 'default-root', refused), control]).verdict).toBe('inconclusive');
  });
  test('has its control in the profile that the check names, wherever it is made', () =>
    expect(
      judge(one, [witness(), denied, ran(gvisor, 'default-root', refused), ran(runc, 'default-root', works)]).verdict,
    ).toBe('inconclusive'));
  test('compares each with its own counterpart', () => {
    const compares: Oracle = {
      ...allowed(),
      comparesWithReference: true,
      decide: ({ reference }) =>
        reference?.observation?.errno === undefined ? { kind: 'reached', seen: 'x' } : { kind: 'absent', seen: 'y' },
    };
    const both = {
      ...check(onReference('privileged'), stopped('absent'), compares),
      alsoIn: ['default-root'] as const,
    };
    const counterparts = (result: object) => [
      ran(runc, 'restricted', refused),
      ran(runc, 'default-root', result),
      control,
    ];
    const own = [denied, ran(gvisor, 'default-root', refused)];
    expect(judge(both, [witness(), ...own, ...counterparts(refused)]).verdict).toBe('held');
    expect(judge(both, [witness(), ...own, ...counterparts(works)]).verdict).toBe('breached');
  });
  test('is judged in its subject alone where no more was planned', () => {
    const evidence = evidenceOf([witness(), denied, control]);
    const planned = { check: one.id, cell: gvisor.id, subjects: ['restricted'] };
    expect(evaluate(one, planned, evidence, new Map([[one.id, one]])).verdict).toBe('held');
  });
});

describe('a control under the reference handler', () => {
  const one = check(onReference('privileged'), deniedWith('EPERM'));
  const denied = ran(gvisor, 'restricted', refused);

  test('that got through makes a denial count', () =>
    expect(judge(one, [witness(), denied, ran(runc, 'privileged', works)])).toMatchObject({
      verdict: 'held',
      observed: 'call keyctl: denied: keyctl returned EPERM',
      control: 'privileged under runc: reached: it was allowed',
      expected: 'denied with EPERM',
    }));
  test('has to run in the profile that the check names', () =>
    expect(judge(one, [witness(), denied, ran(runc, 'default-root', works)])).toMatchObject({
      verdict: 'inconclusive',
      control: 'privileged under the reference handler: did not run',
    }));
  test('is found among other profiles', () =>
    expect(
      judge(one, [witness(), denied, ran(runc, 'default-root', refused), ran(runc, 'privileged', works)]).verdict,
    ).toBe('held'));
  test('is not the same attempt under the handler itself', () =>
    expect(
      judge(one, [witness(), denied, ran(gvisor, 'privileged', works), ran(runc, 'privileged', refused)]).verdict,
    ).toBe('inconclusive'));
  test('is a pod of the same node', () => {
    const elsewhere = cellOf('runc', 'shared-kernel', { id: 'runc/m', node: 'm', reference: true });
    const there = { ...ran(runc, 'privileged', works), cell: elsewhere.id };
    expect(judge(one, [witness(), denied, there], { cells: [elsewhere, runc, gvisor] }).verdict).toBe('inconclusive');
  });
  test('is a subject, not a server of the same cell', () =>
    expect(judge(one, [witness(), denied, ran(runc, 'privileged', works, { role: 'server' })]).verdict).toBe(
      'inconclusive',
    ));
  test('may make an attempt of its own', () => {
    const twin = check(onReference('privileged', identity()), deniedWith('EPERM'));
    const refusedOnly = ran(runc, 'privileged', refused);
    const twinSeen = { id: attemptId(identity()), kind: 'identity', value: { bootId: nodeBoot } };
    const showsTwin = { ...refusedOnly, observations: [...refusedOnly.observations, twinSeen] };
    expect(judge(twin, [witness(), denied, showsTwin]).verdict).toBe('held');
    expect(judge(one, [witness(), denied, showsTwin]).verdict).toBe('inconclusive');
  });
  test('may make one for each attempt, which serves that alone', () => {
    const bpf = { id: attemptId(call('bpf')), kind: 'call', ...refused };
    const both = { ...denied, observations: [...denied.observations, bpf] };
    const twins = (...list: Attempt[]) =>
      judge(check(onReference('privileged', list), deniedWith('EPERM'), allowed(), [attempt, call('bpf')]), [
        witness(),
        both,
        { ...ran(runc, 'privileged', works), observations: [...ran(runc, 'privileged', works).observations, bpf] },
      ]).verdict;
    expect(twins(attempt, attempt)).toBe('held');
    expect(twins(attempt, call('bpf'))).toBe('inconclusive');
    expect(twins(call('bpf'), attempt)).toBe('inconclusive');
  });
});

describe('a comparison with the reference handler', () => {
  const one = check(weakened('privileged'), stopped('denied', 'absent'), allowedBeyondTheReference());
  const other = cellOf('crun', 'application-kernel', { id: 'crun/n' });
  const seen = (result: object) => ({
    ...ran(other, 'restricted', result),
    observations: [
      { id: 'i', kind: 'identity', value: { bootId: nodeBoot } },
      { id: attemptId(attempt), kind: 'call', ...result },
    ],
  });
  const verdict = (subject: object, reference: object | undefined) =>
    judge(
      one,
      [
        witness({ pods: ['runc', 'crun'] }),
        seen(subject),
        ...(reference ? [ran(runc, 'restricted', reference)] : []),
        ran(runc, 'privileged', works),
      ],
      { cell: other, cells: [runc, other] },
    ).verdict;

  test('is breached by what works here alone', () => expect(verdict(works, refused)).toBe('breached'));
  test('holds by what works in both, or in the reference alone, or in none', () => {
    expect(verdict(works, works)).toBe('held');
    expect(verdict(refused, works)).toBe('held');
    expect(verdict(refused, refused)).toBe('held');
  });
  test('says nothing of the reference itself, unless it refuses the call', () => {
    const itself = (result: object) =>
      judge(one, [witness(), ran(runc, 'restricted', result), ran(runc, 'privileged', works)], { cell: runc }).verdict;
    expect(itself(works)).toBe('not-applicable');
    expect(itself(refused)).toBe('held');
  });
  test('takes the same profile of the reference, and decides nothing without it', () => {
    expect(verdict(works, undefined)).toBe('inconclusive');
    expect(verdict(refused, undefined)).toBe('held');
  });
});

describe('a second look, at the end of the container’s life', () => {
  const made = mounts();
  const one = check(onReference('privileged'), stopped('denied', 'absent'), allowed(), made);
  const seen = (cell: typeof runc, profile: ProfileName, first: object, later?: object): ContainerEvidence => {
    const base = ran(cell, profile, undefined);
    const observations = [
      ...base.observations,
      { id: attemptId(made), kind: 'mounts', ...first },
      ...(later ? [{ id: againId(made), kind: 'mounts', ...later }] : []),
    ];
    return { ...base, observations };
  };
  const plain = cellOf('crun', 'application-kernel', { id: 'crun/n' });
  const judged = (first: object, later?: object, control: [object, object?] = [works]) => {
    const subjectSeen = seen(plain, 'restricted', first, later);
    subjectSeen.observations[0] = { id: 'i', kind: 'identity', value: { bootId: nodeBoot } };
    const containers = [witness({ pods: ['runc', 'crun'] }), subjectSeen, seen(runc, 'privileged', ...control)];
    return judge(one, containers, { cell: plain, cells: [runc, plain] });
  };
  test('counts where it is worse', () => {
    expect(judged(refused, works)).toMatchObject({
      verdict: 'breached',
      reason: 'read /proc/self/mountinfo: at the end of its life, it was allowed',
    });
    expect(judged(refused, { notAttempted: 'cut' })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'could not read /proc/self/mountinfo: at the end of its life, cut',
    });
  });
  test('takes nothing back', () => {
    expect(judged(works, refused).verdict).toBe('breached');
    expect(judged({ notAttempted: 'cut' }, refused).verdict).toBe('inconclusive');
    expect(judged({ notAttempted: 'cut' }, works).verdict).toBe('breached');
  });
  test('is not missed where there was none, or where it saw the same', () => {
    expect(judged(refused).verdict).toBe('held');
    const same = judged(refused, refused);
    expect(same.verdict).toBe('held');
    expect(same.reason).not.toContain('end of');
  });
  test('does not help a control, nor take anything from it', () => {
    expect(judged(refused, refused, [refused, works]).verdict).toBe('inconclusive');
    expect(judged(refused, refused, [works, { notAttempted: 'cut' }]).verdict).toBe('held');
  });
});

describe('a control in a weaker pod', () => {
  const one = check(weakened('privileged'), stopped('denied', 'absent', 'contained'));
  const denied = ran(gvisor, 'restricted', refused);

  test('of the same handler serves a denial, though contained there', () =>
    expect(
      judge(one, [witness(), denied, ran(gvisor, 'privileged', works), ran(runc, 'privileged', refused)]),
    ).toMatchObject({
      verdict: 'held',
      control: "privileged under runsc: reached: it was allowed, on another kernel than the node's",
    }));
  test('of the same handler on the node’s own kernel serves it as well', () => {
    const plain = { ...ran(gvisor, 'privileged', works), facts: { nonce: 'x', mark: 'none' } };
    plain.observations = plain.observations.map((seen) =>
      seen.id === 'i' ? { ...seen, value: { bootId: nodeBoot } } : seen,
    );
    expect(judge(one, [witness(), denied, plain, ran(runc, 'privileged', refused)])).toMatchObject({
      verdict: 'held',
      control: 'privileged under runsc: reached: it was allowed',
    });
  });
  test('that is denied too gives way to the reference', () => {
    const both = [witness(), denied, ran(gvisor, 'privileged', refused)];
    expect(judge(one, [...both, ran(runc, 'privileged', works)])).toMatchObject({
      verdict: 'held',
      control: 'privileged under runc: reached: it was allowed',
    });
    expect(judge(one, [...both, ran(runc, 'privileged', refused)]).verdict).toBe('inconclusive');
  });
  test('of the same handler does not serve what was not denied', () => {
    const absent = ran(gvisor, 'restricted', { errno: 'ENOSYS', step: 'keyctl' });
    expect(
      judge(one, [witness(), absent, ran(gvisor, 'privileged', works), ran(runc, 'privileged', refused)]).verdict,
    ).toBe('inconclusive');
  });
});

describe('a subject', () => {
  const one = check(onReference('privileged'), deniedWith('EPERM'));
  const control = ran(runc, 'privileged', works);
  test('is the pod of this cell in this profile', () => {
    const others = [
      ran(gvisor, 'privileged', works),
      ran(runc, 'restricted', works),
      ran(gvisor, 'restricted', works, { role: 'server' }),
    ];
    expect(judge(one, [witness(), control, ...others]).reason).toContain('no such pod was planned');
    expect(judge(one, [witness(), control, ...others, ran(gvisor, 'restricted', refused)]).verdict).toBe('held');
  });
  test('that says nothing of the attempt did not make it', () => {
    expect(judge(one, [witness(), control, ran(gvisor, 'restricted', undefined)])).toMatchObject({
      verdict: 'inconclusive',
      reason: 'could not call keyctl: the probe did not report it',
    });
    expect(
      judge(one, [witness(), control, ran(gvisor, 'restricted', undefined, { cause: 'never ran' })]).reason,
    ).toContain('never ran');
  });
  test('that lacked a fact says which', () => {
    const needs = check(onReference('privileged'), deniedWith('EPERM'), allowed(), { kind: 'read', path: '{nowhere}' });
    expect(judge(needs, [witness(), control, ran(gvisor, 'restricted', undefined)]).reason).toContain(
      'the witness did not tell {nowhere}',
    );
  });
  test('that reached the node is told whatever became of the control', () =>
    expect(judge(one, [witness({ marks: ['runc', 'runsc'] }), ran(gvisor, 'restricted', works)]).verdict).toBe(
      'breached',
    ));
  test('is judged attempt by attempt', () => {
    const two = check(onReference('privileged'), deniedWith('EPERM'), allowed(), [attempt, call('bpf')]);
    expect(judge(two, [witness(), control, ran(gvisor, 'restricted', refused)])).toMatchObject({
      verdict: 'inconclusive',
      observed: 'call keyctl: denied: keyctl returned EPERM; call bpf: the probe did not report it',
    });
  });
});

describe('a pod that asked for a user namespace of its own', () => {
  const asked = { ...cellOf('crun', 'shared-kernel'), userNamespaces: true } as const;
  const usual = check(onReference('privileged'), contained);
  const promised = { ...usual, expectInUserNamespace: { 'shared-kernel': deniedWith('EACCES') } } as const;
  const reference = ran(runc, 'privileged', works);
  const verdict = (one: Check, result: object, cell: Cell = asked) =>
    judge(one, [witness({ marks: ['runc', cell.handler] }), ran(cell, 'restricted', result), reference], {
      cell,
      cells: [runc, cell],
    }).verdict;

  test('is held to what it was promised', () => {
    expect(verdict(promised, { errno: 'EACCES', step: 'open' })).toBe('held');
    expect(verdict(promised, works)).toBe('breached');
  });
  test('is promised nothing else where the check says nothing of it', () => {
    expect(verdict(usual, works)).toBe('exposed');
  });
  test('is no other that did not ask', () => {
    expect(verdict(promised, works, cellOf('crun', 'shared-kernel'))).toBe('exposed');
  });
});

describe('the witness', () => {
  const denied = [
    ran(gvisor, 'restricted', { value: { capEff: '0', capBnd: '0' } }),
    ran(runc, 'privileged', { value: { capEff: '1', capBnd: '1' } }),
  ];
  test('that went away leaves undecided what it would have seen', () => {
    const one = check(onReference('privileged'), deniedWith('EPERM'));
    const seen = [ran(gvisor, 'restricted', refused), ran(runc, 'privileged', works)];
    expect(judge(one, [witness({ complete: false }), ...seen])).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/witness did not watch/) as string,
    });
    expect(judge(one, seen).verdict).toBe('inconclusive');
  });
  test('is not needed by an oracle that looks at one side', () => {
    const one = check(onReference('privileged'), stopped('denied'), capabilitiesBeyond([]));
    expect(judge(one, denied).verdict).toBe('held');
  });
});

describe('a reference that does not share the node’s kernel', () => {
  test('is no control of anything', () => {
    const one = check(onReference('privileged'), deniedWith('EPERM'));
    // Its own process is not found, another pod of it is: the reference runs under two kernels.
    const strayed = ran(runc, 'privileged', works, { facts: { nonce: 'z', mark: 'elsewhere' } });
    strayed.observations = strayed.observations.map((seen) =>
      seen.id === 'i' ? { ...seen, value: { bootId: 'own' } } : seen,
    );
    const seen = [witness(), ran(runc, 'default-root', works), strayed, ran(gvisor, 'restricted', refused)];
    expect(judge(one, seen)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining("does not share the node's kernel") as string,
    });
  });
});

describe('what is not in the run', () => {
  const one = check(onReference('privileged'), reaches);
  test('a class that nobody states is not judged', () =>
    expect(
      judge(one, [ran(cellOf('runsc', null), 'restricted', works)], { cells: [runc, cellOf('runsc', null)] }),
    ).toMatchObject({
      verdict: 'inconclusive',
      expected: 'unknown',
      isolationClass: null,
      reason: expect.stringContaining('--claim runsc=CLASS') as string,
    }));
  test('a cell or a path that it does not have is a fault', () => {
    expect(() => judge(one, [], { cells: [runc] })).toThrow(
      'the roster names cell runsc/n, which the run does not have',
    );
    expect(() => judge(one, [], { path: 'p' })).toThrow('the roster names path p, which the run does not have');
  });
});

describe('a verdict says what it is of', () => {
  const path = {
    id: 'p',
    from: gvisor.id,
    to: runc.id,
    network: 'tcp',
    server: 'plain',
    client: 'c/c',
    serverContainer: 's/s',
    target: 'T',
  } as const;
  const ofPath: Check = {
    ...check(onReference('privileged'), reaches),
    scope: 'path',
    network: 'tcp',
    server: 'plain',
    phase: 'open',
  } as unknown as Check;
  test('a path has two ends', () => {
    const network = { paths: [{ ...path, id: 'other', to: gvisor.id }, path], marks: {} };
    expect(judge(ofPath, [], { network, path: 'p' })).toMatchObject({
      check: 'a/b',
      node: 'n',
      handler: 'runsc',
      isolationClass: 'application-kernel',
      to: { node: 'n', handler: 'runc' },
      verdict: 'inconclusive',
      control: 'the same path before and after the policy: did not run',
    });
  });
  test('a cell has one', () => expect(judge(check(onReference('privileged'), reaches), [])).not.toHaveProperty('to'));
});

test.each([
  ['node-view', 'find on the node what runs the pods of handler runsc'],
  ['pod-view', 'tell from inside which kernel runs the pods of handler runsc'],
  ['missing-handler', 'start a pod whose RuntimeClass names a handler that no node has'],
  ['annotations', 'loosen the sandbox of a pod by its annotation dev.gvisor.flag.net-raw: "true"'],
  ['completeness', 'find a planned check without its one verdict'],
] as const)('a check about %s asks that', (about, what) => {
  const one = { ...check(onReference('privileged'), reaches), scope: 'attribution', about } as unknown as Check;
  const evidence = evidenceOf([]);
  expect(
    attempted(one, { check: one.id, cell: gvisor.id }, gvisor, undefined, evidence, new Map()).map((made) => made.what),
  ).toEqual([what]);
});
