/** Words of one text, on lines of at most `width`; further lines are indented by `hanging`. A longer word is divided. */
export function wrap(text: string, width: number, indent = 0, hanging = indent): string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  let empty = true;
  for (let word of text.split(' ').filter((one) => one !== '')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = ' '.repeat(hanging);
      empty = true;
    }
    while (line.length + word.length > width && empty) {
      const room = Math.max(1, width - line.length);
      lines.push(line + word.slice(0, room));
      word = word.slice(room);
      line = ' '.repeat(hanging);
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return empty ? lines : [...lines, line];
}

/** Shortened to `width`, with an ellipsis where something is missing. */
export const clip = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;

/** Select graphic rendition: on, and off again. */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof codes;
export type Paint = (style: Style | readonly Style[], text: string) => string;

/** Colours text, or leaves it as it is. */
export const painter = (color: boolean): Paint => {
  if (!color) return (_style, text) => text;
  return (style, text) =>
    [style].flat().reduceRight((inner, one) => `\u001b[${codes[one][0]}m${inner}\u001b[${codes[one][1]}m`, text);
};
