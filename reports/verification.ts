import type { Answer, Verification } from '../evidence/verification.ts';
import { painter, wrap } from './layout.ts';
import type { Style } from './layout.ts';
import type { TerminalOptions } from './terminal.ts';
import { safeLine } from './text.ts';

const marks: Record<Answer['outcome'], { word: string; style: Style }> = {
  agrees: { word: 'agrees', style: 'green' },
  differs: { word: 'DIFFERS', style: 'red' },
  unknown: { word: 'unknown', style: 'yellow' },
};

const sentences: Record<Verification['exitCode'], string> = {
  0: 'The evidence agrees with itself (exit code 0). That says nothing of the verdict of the run, nor that the cluster told the truth.',
  1: 'The evidence does not agree with itself (exit code 1): do not rely on it.',
  3: 'Not everything could be checked (exit code 3).',
};

const mostDetails = 20;
const indent = 24;

/** The answers of a verification for a person at a terminal, or in a CI log. */
export function verificationReport({ answers, exitCode }: Verification, options: TerminalOptions): string {
  const paint = painter(options.color);
  const lines = answers.flatMap(({ about, outcome, sentence, details }) => {
    const { word, style } = marks[outcome];
    const [first = '', ...rest] = wrap(safeLine(sentence), options.width, indent);
    const more = details.length - mostDetails;
    return [
      `${about.padEnd(14)}${paint(style, word.padEnd(indent - 14))}${first.slice(indent)}`,
      ...rest,
      ...details.slice(0, mostDetails).flatMap((one) => wrap(safeLine(one), options.width, indent, indent + 2)),
      ...(more > 0 ? [`${' '.repeat(indent)}and ${more} more`] : []),
    ];
  });
  return [...lines, '', ...wrap(sentences[exitCode], options.width)].join('\n');
}
