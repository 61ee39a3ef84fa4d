import { describe, expect, test } from 'vitest';
import { annotations, rawSocket } from './annotations.ts';
import { attemptId } from '../attempt.ts';
import { stopped } from '../check.ts';
import type { ContainerEvidence, Fate } from '../evidence.ts';
import { judgeAttempt } from './judge.ts';

import { cellOf, evidenceOf, gvisor, nodeBoot, runc, subject } from '../testing/evidence.ts';

type Tried = Partial<ContainerEvidence['observations'][number]>;
const allowed: Tried = { value: { reachedKernel: true } };
const denied: Tried = { errno: 'EPERM', step: 'socket' };

/** A container that tried to open a raw socket. */
const tried = (container: ContainerEvidence, profile: string, observation: Tried | undefined): ContainerEvidence => ({
  ...container,
  profile,
  observations: observation ? [{ id: attemptId(rawSocket), kind: 'call', ...observation }] : [],
});

interface Seen {
  fate?: Fate;
  plain?: Tried | undefined;
  annotated?: Tried | undefined;
  privileged?: Tried | undefined;
}

function attempted({ fate, ...seen }: Seen, cell = gvisor) {
  const { plain = denied, annotated, privileged = allowed } = seen;
  const evidence = evidenceOf(
    [
      tried(subject(gvisor, 'own'), 'default-root', 'plain' in seen ? seen.plain : plain),
      tried({ ...subject(gvisor, 'own'), role: 'annotated' }, 'default-root', annotated),
      tried(subject(runc, nodeBoot), 'privileged', 'privileged' in seen ? seen.privileged : privileged),
    ],
    fate ? { annotated: { [gvisor.id]: fate, elsewhere: { started: true } } } : {},
  );
  return annotations(cell, evidence);
}

const verdict = (seen: Seen) => judgeAttempt(stopped('denied', 'absent'), attempted(seen)).verdict;
const refused: Fate = { started: false, message: 'flag override disabled' };
const started: Fate = { started: true };

describe('an annotation that asks for a weaker sandbox', () => {
  test('is refused by a word of the runtime', () => {
    const { subject, control } = attempted({ fate: refused });
    expect(subject).toEqual({ kind: 'denied', errno: 'refused', seen: 'it was refused: flag override disabled' });
    expect(control).toEqual({ kind: 'reached', seen: 'a raw packet socket was opened' });
    expect(attempted({ fate: refused }).witness).toBe('not-needed');
    expect(verdict({ fate: refused })).toBe('held');
    // Where nobody opens such a socket, there is nothing that the annotation could let through.
    expect(verdict({ fate: refused, privileged: undefined })).toBe('inconclusive');
    expect(verdict({ fate: refused, privileged: denied })).toBe('inconclusive');
  });
  test('is not refused by silence, nor where no pod was made', () => {
    expect(attempted({ fate: { started: false, cause: 'Pending' } }).subject).toMatchObject({ why: 'Pending' });
    expect(attempted({}).subject).toMatchObject({ kind: 'not-attempted', why: 'the pod was not created' });
  });
  test('is not refused where the same pod without it does not run', () => {
    const gone = { ...subject(gvisor, 'own'), profile: 'default-root', complete: false, cause: 'it never ran' };
    const without = annotations(gvisor, evidenceOf([gone], { annotated: { [gvisor.id]: refused } }));
    expect(without.control).toEqual({ kind: 'not-attempted', why: 'it never ran' });
    expect(annotations(gvisor, evidenceOf([], { annotated: { [gvisor.id]: refused } })).control?.kind).toBe(
      'not-attempted',
    );
  });
  test('has an effect where the pod does what the same pod without it cannot', () => {
    expect(attempted({ fate: started, annotated: allowed }).subject).toMatchObject({ kind: 'reached' });
    expect(verdict({ fate: started, annotated: allowed })).toBe('breached');
    expect(verdict({ fate: started, annotated: allowed, plain: { errno: 'EAFNOSUPPORT' } })).toBe('breached');
    // The operator let raw sockets through for everybody: another check says so.
    expect(verdict({ fate: started, annotated: allowed, plain: allowed })).toBe('inconclusive');
    expect(verdict({ fate: started, annotated: allowed, plain: undefined })).toBe('inconclusive');
  });
  test('has none where nothing changes, and a privileged pod shows that it could', () => {
    expect(verdict({ fate: started, annotated: denied })).toBe('held');
    expect(attempted({ fate: started, annotated: denied }).subject).toMatchObject({
      seen: 'the pod started, and nothing changed: socket returned EPERM',
    });
    expect(verdict({ fate: started, annotated: denied, privileged: denied })).toBe('inconclusive');
    expect(verdict({ fate: started, annotated: denied, privileged: undefined })).toBe('inconclusive');
    expect(verdict({ fate: started, annotated: undefined })).toBe('inconclusive');
  });
  test('is judged by the pod of its own cell, and by a privileged one', () => {
    const elsewhere = cellOf('runsc', 'application-kernel', { id: 'runsc/m', node: 'm' });
    const containers = [
      tried({ ...subject(elsewhere, 'own'), role: 'annotated' }, 'default-root', allowed),
      tried({ ...subject(gvisor, 'own'), role: 'annotated' }, 'default-root', denied),
      tried(subject(runc, nodeBoot), 'default-root', denied),
      tried(subject(runc, nodeBoot), 'privileged', allowed),
    ];
    const { subject: own, control } = annotations(
      gvisor,
      evidenceOf(containers, { annotated: { [gvisor.id]: started } }),
    );
    expect(own.kind).toBe('denied');
    expect(control?.kind).toBe('reached');
  });
  test('says why nothing is known', () => {
    expect(attempted({ fate: started, annotated: undefined }).subject).toEqual({
      kind: 'not-attempted',
      why: 'the probe did not report it',
    });
  });
  test('is nothing to the runtimes of other classes', () => {
    const guest = attempted({ fate: started, annotated: allowed }, cellOf('runsc', 'guest-kernel'));
    expect(judgeAttempt(stopped('denied'), guest)).toEqual({
      verdict: 'not-applicable',
      reason:
        'loosen the sandbox of a pod by its annotation dev.gvisor.flag.net-raw: "true": the flags are gVisor\'s, and no other runtime reads them',
    });
  });
});
