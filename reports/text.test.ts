import { describe, expect, it } from 'vitest';
import { safeLine, safeText, textLimit } from './text.ts';

describe('safeText', () => {
  it.each([
    [
      'leaves ordinary text alone',
      'read /proc/1: ENOENT\n\tfd00::1 and ü and 🦀',
      'read /proc/1: ENOENT\n\tfd00::1 and ü and 🦀',
    ],
    ['removes colours', '\u001b[31mred\u001b[0m \u009b1mbold', 'red bold'],
    ['shows other escape sequences', '\u001b]0;title\u0007', '\\u{1b}]0;title\\u{7}'],
    ['shows control characters', 'a\u0000b\u0085c\u007fd\rE\u2028f', 'a\\u{0}b\\u{85}c\\u{7f}d\\u{d}E\\u{2028}f'],
    ['shows what turns the order of text around', 'a\u202eb\u2066c\u200bd', 'a\\u{202e}b\\u{2066}c\\u{200b}d'],
    ['shows what is no character', '\ufffe\uffff\ufeff', '\\u{fffe}\\u{ffff}\\u{feff}'],
    ['keeps the neighbours of a lone surrogate', 'ab\udc00cd\ud800', 'ab\ufffdcd\ufffd'],
    ['reads Windows lines', 'a\r\nb', 'a\nb'],
    ['opens every end of CDATA', ']]>x]]>y]]]>', ']]\\u{3e}x]]\\u{3e}y]]]\\u{3e}'],
    ['opens an end of CDATA that control characters hide', ']]\u0001> ]\u001b[0m]\u001b[0m>', ']]\\u{1}> ]]\\u{3e}'],
    [
      'defuses attachments',
      '[[ATTACHMENT|/etc/shadow]] [\u001b[0m[[PROPERTY|a=b]]',
      '[\\u{5b}ATTACHMENT|/etc/shadow]] [\\u{5b}[PROPERTY|a=b]]',
    ],
    [
      'defuses pipeline commands',
      '::add-mask::x ::stop-commands::y ::error file=a::z ##[error] ##vso[task]',
      ':\\u{3a}add-mask:\\u{3a}x :\\u{3a}stop-commands:\\u{3a}y :\\u{3a}error file=a:\\u{3a}z #\\u{23}[error] #\\u{23}vso[task]',
    ],
  ])('%s', (_, hostile, expected) => {
    expect(safeText(hostile)).toBe(expected);
    expect(safeText(expected)).toBe(expected);
  });

  it('keeps head and tail of ten megabytes and says so', () => {
    const text = safeText(`begin${'\u0001'.repeat(10_000_000)}end`);
    expect(text.length).toBeLessThanOrEqual(textLimit);
    expect(text).toMatch(
      /^begin\\u\{1\}[^]*\n\[cut here: the whole text has 10000008 characters and is in run.json\] [^]*end$/,
    );
  });

  it('does not leave half a character at a cut', () => {
    for (let shift = 0; shift < 4; shift++)
      expect(safeText('x'.repeat(shift) + '🦀'.repeat(textLimit)).isWellFormed()).toBe(true);
  });
});

describe('safeLine', () => {
  it('has no second line', () => {
    expect(safeLine(' a\n\tb\u2028c\r\n\u001b[2Kd ')).toBe('a b\\u{2028}c d');
  });
  it('ends a text that is too long with an ellipsis', () => {
    expect(safeLine('abcdef', 4)).toBe('abc…');
    expect(safeLine(' '.repeat(10_000_000), 4)).toBe('…');
    expect(safeLine('abcd', 4)).toBe('abcd');
  });
});
