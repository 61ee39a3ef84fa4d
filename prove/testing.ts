import type { PairOutcome, ProveRecord } from './record.ts';

/** What became of a pair that tests made up: caught, unless told otherwise. */
export const fakeOutcome = (pair: string, more: Partial<PairOutcome> = {}): PairOutcome => ({
  pair,
  breaks: 'Something.',
  caught: [],
  missed: [],
  alsoRed: [],
  undecided: [],
  ...more,
});

/** A record that tests made up, of two pairs of which none is proved yet. */
export const fakeRecord = (more: Partial<ProveRecord> = {}): ProveRecord => ({
  schema: 1,
  suite: { name: 'cofferdam', version: '1.2.3' },
  meaning: 1,
  checks: 'digest of the checks',
  breaches: 'digest of the breaches',
  started: '2026-01-02T03:04:05.000Z',
  planned: ['a@runc', 'b@runc'],
  withoutBreach: {},
  outcomes: [],
  ...more,
});

/** The same, finished: both pairs are caught, on a node. */
export const fakeProof = (more: Partial<ProveRecord> = {}): ProveRecord =>
  fakeRecord({
    finished: '2026-01-02T04:05:06.000Z',
    node: {
      kernel: '6.12.40',
      osImage: 'Debian GNU/Linux 13',
      containerRuntime: 'containerd://2.1.4',
      kubelet: 'v1.34.1',
    },
    outcomes: [fakeOutcome('a@runc'), fakeOutcome('b@runc')],
    ...more,
  });
