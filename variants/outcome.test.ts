import { expect, test } from 'vitest';
import { defineVariant } from '../fixtures/variants/variant.ts';
import type { Run } from '../harness/evidence.ts';
import type { Verdict } from '../harness/judge/judge.ts';
import { resultLines } from './describe.ts';
import { exitCodeOf, isGreen, resultOf } from './outcome.ts';
import { parseResult, resultText } from './result.ts';
import type { Result } from './result.ts';

const variant = defineVariant({ id: 'runtime/other', differs: 'Another.', runtimeClasses: ['other', 'second'] });

/** A run whose verdicts are these, by handler. */
function result(verdicts: [verdict: Verdict, handler?: string][], interrupted?: string): Result {
  const cell = (name: string, tested = true) => ({ handler: name, runtimeClass: name, tested });
  const judged = verdicts.map(([verdict, handler = 'other'], index) => ({
    check: `a/${index}`,
    verdict,
    handler,
    reason: `because ${verdict}`,
  }));
  const run = {
    run: { finished: '2026-01-02T03:04:05.000Z', ...(interrupted && { interrupted }) },
    nodes: [],
    cells: [cell('other'), cell('second'), cell('neighbour'), cell('runc', false)],
    verdicts: judged,
  };
  return {
    schema: 1,
    suite: { name: 'cofferdam', version: '1.2.3' },
    meaning: 1,
    checks: 'digest',
    ...resultOf(variant, run as unknown as Run, { other: 'other 1.0' }),
  };
}
const sound: [Verdict, string?][] = [['held'], ['held', 'second'], ['exposed'], ['not-applicable', 'second']];

test('green: held, exposed and not applicable, under every handler of the variant', () => {
  const green = result(sound);
  expect(isGreen(green)).toBe(true);
  expect(green.verdicts).toEqual({ other: { held: 1, exposed: 1 }, second: { held: 1, 'not-applicable': 1 } });
  expect(exitCodeOf([green], 1)).toBe(0);
  expect(resultLines(green)).toBe('✓ runtime/other (other: 1 held, 1 exposed; second: 1 held, 1 not-applicable)');
});

test.each(['breached', 'inconclusive'] as const)('%s is a false alarm', (verdict) => {
  const alarmed = result([...sound, [verdict]]);
  expect(alarmed.alarms).toEqual([{ check: 'a/4', handler: 'other', verdict, reason: `because ${verdict}` }]);
  expect(isGreen(alarmed)).toBe(false);
  expect(exitCodeOf([result(sound), alarmed], 2)).toBe(1);
  expect(resultLines(alarmed)).toContain(`    ${verdict}: a/4 under other: because ${verdict}`);
});

test("a neighbour's verdicts are not this variant's", () => {
  expect(isGreen(result([...sound, ['breached', 'neighbour']]))).toBe(true);
});

test('nothing held is not green: not of one handler, and not of all', () => {
  expect(isGreen(result([['held'], ['exposed', 'second']]))).toBe(false);
  expect(isGreen(result([]))).toBe(false);
  expect(exitCodeOf([result([])], 1)).toBe(3);
});

test('what could not be run, or was not, is neither green nor an alarm', () => {
  const cut = result(sound, 'SIGINT');
  expect(cut.trouble).toBe('the run did not come to its end: SIGINT');
  expect(exitCodeOf([cut], 1)).toBe(3);
  expect(exitCodeOf([result(sound)], 2)).toBe(3);
});

test('container text cannot forge a line of the result', () => {
  const forged = result([...sound, ['breached']]);
  forged.alarms[0]!.reason = 'x\u001b[2K\u202e';
  expect(resultLines(forged)).not.toContain('\u001b');
});

test('a result is read back as it was written, and a damaged one says where', () => {
  const written = result(sound);
  expect(parseResult(JSON.parse(resultText(written)), 'file')).toEqual(written);
  expect(() => parseResult({ ...written, meaning: 'two' }, 'some/file.json')).toThrow(/^some\/file\.json: meaning: /);
});
