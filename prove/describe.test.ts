import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { conclusionOf, proofText } from './describe.ts';
import { provePage } from './page.ts';
import type { PairOutcome, ProveRecord } from './record.ts';

const hostile = 'because </td><script>alert(1)</script>\u001b[31m & "more"';
const outcome = (pair: string, more: Partial<PairOutcome> = {}): PairOutcome => ({
  pair,
  breaks: 'Something is broken.',
  run: 'runs/handlers-1',
  caught: [{ check: 'a/one', verdict: 'breached', reason: hostile }],
  missed: [],
  alsoRed: [],
  undecided: [],
  ...more,
});
const record: ProveRecord = {
  schema: 1,
  suite: { name: 'cofferdam', version: '1.2.3' },
  meaning: 1,
  checks: 'x',
  breaches: 'y',
  started: '2026-01-02T03:04:05.000Z',
  node: { kernel: '6.12', osImage: 'Debian', containerRuntime: 'containerd://2', kubelet: 'v1' },
  planned: ['p@runc', 'q@runc', 'r@runc', 's@runc'],
  withoutBreach: { 'a/never': 'it cannot be broken' },
  outcomes: [
    outcome('p@runc'),
    outcome('q@runc', {
      missed: [{ check: 'a/two', verdict: 'held', reason: hostile }],
      alsoRed: [{ check: 'a/three', verdict: 'breached', reason: hostile }],
    }),
    outcome('r@runc', { notPlanted: 'no compiler', caught: [] }),
  ],
};

test('the sentence that a later run can cite', () => {
  expect(conclusionOf(record)).toBe(
    'Cofferdam 1.2.3 caught 1 of 4 planted breaches on Debian, Linux 6.12, containerd://2.',
  );
});

test('a terminal gets each line whole, and nothing that it would obey', () => {
  const text = proofText(record);
  for (const line of [
    '✓ p@runc: Something is broken.',
    '    caught by a/one',
    '✗ q@runc: Something is broken.',
    '✗ r@runc: not planted: no compiler',
    '  a/never: it cannot be broken',
    '1 are left: the same command with --out goes on.',
  ])
    expect(text.split('\n')).toContain(line);
  expect(text).toMatch(/missed: a\/two \(held: because/);
  expect(text).toMatch(/also red: a\/three \(breached: because/);
  expect(text).not.toContain('\u001b');
});

test('the page is well-formed, and a reason is text on it', () => {
  const page = provePage(record);
  const elements: string[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', (tag) => elements.push(tag.name));
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(page.replace('<!DOCTYPE html>', '')).close();
  expect(elements).not.toContain('script');
  expect(page).toContain('&lt;script&gt;');
  expect(page).toContain('Not as it should be (2)');
  expect(page).toContain('Caught (1)');
});
