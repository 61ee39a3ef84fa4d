import type { Variant } from '../fixtures/variants/variant.ts';
import { safeText } from '../reports/text.ts';
import { isGreen } from './outcome.ts';
import type { Result } from './result.ts';

/** What there is to run. */
export const variantList = (variants: readonly Variant[]): string =>
  [
    ...variants.flatMap(({ id, differs, runtimeClasses }) => [
      id,
      `    ${differs}`,
      `    ${runtimeClasses.join(', ')}`,
    ]),
    '',
    `${variants.length} variants`,
  ].join('\n');

/** A result as a terminal shows it: a line when it is green, the reasons when it is not. */
export function resultLines(result: Result): string {
  const { variant, trouble, verdicts, alarms } = result;
  const counts = Object.entries(verdicts).map(([handler, of]) => `${handler}: ${countsText(of)}`);
  return [
    `${isGreen(result) ? '✓' : '✗'} ${variant}${counts.length ? ` (${counts.join('; ')})` : ''}`,
    ...(trouble === undefined ? [] : [`    ${trouble.replaceAll('\n', '\n    ')}`]),
    ...alarms.map(
      ({ check, handler, to, verdict, reason }) =>
        `    ${verdict}: ${check} under ${handler}${to === undefined ? '' : ` to ${to}`}: ${reason}`,
    ),
  ]
    .map((line) => safeText(line))
    .join('\n');
}

/** `50 held, 12 exposed`. */
export const countsText = (counts: Result['verdicts'][string]): string =>
  (['held', 'exposed', 'not-applicable', 'breached', 'inconclusive'] as const)
    .flatMap((verdict) => (counts[verdict] ? [`${counts[verdict]} ${verdict}`] : []))
    .join(', ');
