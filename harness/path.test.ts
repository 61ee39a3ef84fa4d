import { describe, expect, test } from 'vitest';
import type { PathCheck } from './check.ts';
import type { ContainerEvidence, Evidence } from './evidence.ts';
import { judgeAttempt } from './judge.ts';
import { pathAttempted } from './path.ts';
import { evidenceOf, runc } from './testing/evidence.ts';

const check = (rest: Partial<PathCheck> = {}): PathCheck => ({
  scope: 'path',
  id: 'tenant-network/x',
  claim: '',
  because: '',
  references: [],
  requirements: [],
  touch: 'open',
  network: 'tcp',
  server: 'plain',
  phase: 'closed',
  expect: {} as PathCheck['expect'],
  ...rest,
});

/** A client that tried 20 times, and a server that heard these. */
function verdict(
  heard: (seq: number) => boolean,
  options: {
    marks?: Evidence['network']['marks'][string];
    server?: Partial<ContainerEvidence>;
    check?: PathCheck;
    expectation?: 'reaches';
  } = {},
) {
  const container = (
    pod: string,
    name: string,
    role: 'client' | 'server',
    observations: ContainerEvidence['observations'],
    rest: Partial<ContainerEvidence> = {},
  ): ContainerEvidence => ({
    pod,
    namespace: 'x',
    container: name,
    role,
    cell: runc.id,
    profile: 'x',
    complete: true,
    facts: { nonce: 'N' },
    observations,
    ...rest,
  });
  const seqs = Array.from({ length: 20 }, (_, index) => index + 1);
  const dials = seqs.map((seq) => ({
    id: 'dial',
    kind: 'dial',
    value: { target: 'T', seq, class: heard(seq) ? 'open' : 'timeout' },
  }));
  const received = seqs.filter(heard).map((seq) => ({ id: 'received', kind: 'tcp', value: { payload: `N/T/${seq}` } }));
  const path = {
    id: 'p',
    from: runc.id,
    to: runc.id,
    network: 'tcp',
    server: 'plain',
    client: 'c/client',
    serverContainer: 's/server',
    target: 'T',
  } as const;
  const marks = options.marks ?? { openUntil: 5, closedFrom: 8, closedUntil: 13, openAgainFrom: 16 };
  const evidence = evidenceOf(
    [container('c', 'client', 'client', dials), container('s', 'server', 'server', received, options.server)],
    {
      network: { paths: [path], marks: { 'c/client': marks } },
    },
  );
  const expectation =
    options.expectation === 'reaches' ? ({ kind: 'reaches' } as const) : ({ kind: 'stopped', by: ['denied'] } as const);
  return judgeAttempt(expectation, pathAttempted(options.check ?? check(), 'p', evidence));
}

const enforced = (seq: number) => seq <= 6 || seq >= 15;

describe('a default-deny policy', () => {
  test('that is enforced is held', () => expect(verdict(enforced).verdict).toBe('held'));
  test('that is not enforced is breached', () => expect(verdict(() => true).verdict).toBe('breached'));
  test('that lets one nonce through is breached', () =>
    expect(verdict((seq) => enforced(seq) || seq === 12).verdict).toBe('breached'));
  test('may take its time: what arrives before it has settled does not count', () =>
    expect(verdict((seq) => enforced(seq) || seq === 7).verdict).toBe('held'));
});

describe('nothing is decided', () => {
  test('on a path that was never open', () => expect(verdict(() => false).verdict).toBe('inconclusive'));
  test('on a path that did not open again', () => expect(verdict((seq) => seq <= 6).verdict).toBe('inconclusive'));
  test('on too few tries while the policy stood', () => {
    const few = verdict(enforced, { marks: { openUntil: 5, closedFrom: 8, closedUntil: 10, openAgainFrom: 16 } });
    expect(few).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('only 2 tries') as string });
  });
  test('when the phases were not reached', () =>
    expect(verdict(enforced, { marks: { openUntil: 5 } }).verdict).toBe('inconclusive'));
  test("when the server's word is not whole", () => {
    expect(verdict(enforced, { server: { complete: false, cause: 'cut off' } }).reason).toContain('cut off');
  });
  test('when the server does not say that it tried to delete its rules', () => {
    expect(verdict(enforced, { check: check({ server: 'flushing' }) }).verdict).toBe('inconclusive');
  });
});

describe('a path that has to be open', () => {
  const open = check({ phase: 'open' });
  test('is held when a nonce arrives', () =>
    expect(verdict(enforced, { check: open, expectation: 'reaches' }).verdict).toBe('held'));
  test('is inconclusive when none does', () =>
    expect(verdict(() => false, { check: open, expectation: 'reaches' }).verdict).toBe('inconclusive'));
});
