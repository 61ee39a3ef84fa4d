import { expect, test } from 'vitest';
import { defineVariant } from '../fixtures/variants/variant.ts';
import type { Result } from '../variants/result.ts';
import { renderVariants } from './render-variants.ts';

const variants = [
  defineVariant({ id: 'runtime/crun', differs: 'Under crun.', runtimeClasses: ['crun'] }),
  defineVariant({ id: 'node/busy', differs: 'Busy.', runtimeClasses: ['runc'] }),
];
const crun: Result = {
  schema: 1,
  variant: 'runtime/crun',
  suite: { name: 'cofferdam', version: '0.1.0' },
  meaning: 2,
  checks: 'digest',
  finished: '2026-01-02T03:04:05.000Z',
  node: { kernel: '6.12', osImage: 'Debian 13', containerRuntime: 'containerd://2.4.2', kubelet: 'v1.36.3' },
  versions: { crun: 'crun version 1.21' },
  verdicts: { crun: { held: 50, exposed: 12 } },
  alarms: [],
};

test('says what was run where, when, and what came out, and what was not', () => {
  const page = renderVariants(variants, [crun], 'digest');
  expect(page).toContain('1 of 2 variants were run and stayed green, 1 of them with the checks as they are today.');
  expect(page).toContain(
    '| runtime/crun | Under crun. | Debian 13, Linux 6.12, containerd://2.4.2, kubelet v1.36.3, crun version 1.21 | crun: 50 held, 12 exposed | 2026-01-02, cofferdam 0.1.0, meaning 2 |',
  );
  expect(page).toContain('## Not run yet\n\n- node/busy: Busy.');
  expect(page).not.toContain('## Alarms');
});

test('says so where the checks were others', () => {
  expect(renderVariants(variants, [crun], 'digest')).not.toContain('of then');
  const later = renderVariants(variants, [crun], 'another');
  expect(later).toContain('meaning 2, with the checks of then |');
  expect(later).toContain('stayed green, 0 of them with the checks as they are today.');
});

test('hides no alarm, and lets none become markup', () => {
  const alarms = [{ check: 'a/b', handler: 'crun', to: 'runsc', verdict: 'breached' as const, reason: '<b>|\nx' }];
  const page = renderVariants(variants, [{ ...crun, alarms }], 'digest');
  expect(page).toContain('0 of 2 variants');
  expect(page).toContain('| runtime/crun | a/b | crun → runsc | breached | \\<b\\>\\| x |');
});
