import type { Verdict } from '../../harness/judge/judge.ts';
import { acceptedMark } from '../matrix.ts';
import type { Told } from '../matrix.ts';
import { h } from './markup.ts';
import type { Markup } from './markup.ts';

/** Verdicts in full words. */
export const verdictWords: Record<Verdict, string> = {
  held: 'held',
  breached: 'breached',
  inconclusive: 'inconclusive',
  exposed: 'exposed',
  'not-applicable': 'not applicable',
};

/** Each has a shape of its own, so that nothing hangs on colour. Drawn once, and used by reference. */
const shapes: Record<Verdict, Markup[]> = {
  held: [
    h('circle', { cx: 8, cy: 8, r: 7, class: 'solid' }),
    h('path', { d: 'M4.7 8.4l2.2 2.2 4.4-4.9', class: 'cut' }),
  ],
  breached: [
    h('path', { d: 'M5 1h6l4 4v6l-4 4H5l-4-4V5z', class: 'solid' }),
    h('path', { d: 'M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4', class: 'cut' }),
  ],
  inconclusive: [
    h('circle', { cx: 8, cy: 8, r: 6.2, class: 'line' }),
    h('path', { d: 'M6.1 6.4a1.9 1.9 0 1 1 2.7 1.8c-.6.3-.8.6-.8 1.2', class: 'line thin' }),
    h('circle', { cx: 8, cy: 11.6, r: 0.95, class: 'solid' }),
  ],
  exposed: [
    h('path', { d: 'M10.4 2.3a6.2 6.2 0 1 0 3.3 3.3', class: 'line' }),
    h('path', { d: 'M9.4 6.6l4.4-4.4M10.6 2h3.4v3.4', class: 'line thin' }),
  ],
  'not-applicable': [h('path', { d: 'M4 8h8', class: 'line' })],
};

/** The drawings that `mark` refers to; once a page, before any of them. */
export const drawings = (): Markup =>
  h(
    'svg',
    { class: 'drawings', 'aria-hidden': 'true', width: 0, height: 0 },
    Object.entries(shapes).map(([verdict, shape]) =>
      h('symbol', { id: `mark-${verdict}`, viewBox: '0 0 16 16' }, shape),
    ),
  );

/** The drawing of a verdict, for the eye only: a word stands beside it. */
export const mark = (verdict: Verdict): Markup =>
  h(
    'svg',
    { class: `mark ${verdict}`, 'aria-hidden': 'true', width: 16, height: 16 },
    h('use', { href: `#mark-${verdict}` }),
  );

/** The word; of a verdict that somebody accepts, with that said. */
export const toldWords = ({ verdict, accepted }: Told): string =>
  verdictWords[verdict] + (accepted ? ` ${acceptedMark}` : '');

/** The drawing and the word. */
export const badge = (told: Told): Markup =>
  h('span', { class: `badge ${told.verdict}` }, mark(told.verdict), h('span', {}, toldWords(told)));
