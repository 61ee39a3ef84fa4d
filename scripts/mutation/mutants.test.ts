import { describe, expect, test } from 'vitest';
import { mutantsOf, mutated } from './mutants.ts';

const becomes = (source: string): string[] => mutantsOf(source).map((mutant) => mutated(source, mutant));

describe('a rule is dropped or weakened', () => {
  test.each<[string, string, string[]]>([
    ['a condition', 'if (a) b;', ['if (true) b;', 'if (false) b;', 'if (a) ;']],
    ['a choice', 'x = a ? b : c;', [';', 'x = true ? b : c;', 'x = false ? b : c;']],
    ['one of two conditions', 'const x = a && b;', ['const x = (a);', 'const x = (b);']],
    ['a boundary', 'const x = a < 3;', ['const x = a <= 3;', 'const x = a < 4;']],
    ['an equality', 'const x = a === b;', ['const x = a !== b;']],
    [
      'a predicate',
      'const x = l.some((one) => one.a);',
      ['l.every', 'true', 'false'].map((to) =>
        to === 'l.every' ? 'const x = l.every((one) => one.a);' : `const x = l.some((one) => ${to});`,
      ),
    ],
    ['a member of a list', 'const x = [a, b];', ['const x = [b];', 'const x = [a];']],
    ['a word of a list', "const x = 'a b'.split(' ');", ["const x = 'b'.split(' ');", "const x = 'a'.split(' ');"]],
    [
      'a pattern, an anchor, an alternative',
      'const x = /^(a|b)/;',
      ['const x = /(?!)/;', 'const x = /(a|b)/;', 'const x = /^(b)/;', 'const x = /^(a)/;'],
    ],
    ['a case', 'switch (a) { case 1: return b; }', ['switch (a) {  }', 'switch (a) { case 2: return b; }']],
    ['what an outcome is', "const x = { kind: 'denied' };", ["const x = { kind: '' };"]],
    ['a field', "const x = a['b'];", ["const x = a[''];"]],
  ])('%s', (_, source, expected) => expect(becomes(source)).toEqual(expected));
});

describe('what is only read by people is left alone', () => {
  test.each([
    ['a type', "type X = 'a' | 'b';"],
    ['an import', "import { a } from './a.ts';"],
    ['a reason', 'const x = { why: a ? `b ${c}` : d ?? e };'],
    ['the beginning of a sentence', "const seen = a > 3 ? 'b' : 'c';"],
    ['a function that makes sentences', 'function said(a) { if (a) return b; }'],
  ])('%s', (_, source) => expect(becomes(source)).toEqual([]));
});

test('says where, and what', () => {
  expect(mutantsOf('const a = 1;\n  if (b) c();')).toMatchObject([
    { line: 1, column: 11, what: '1 → 2' },
    { line: 2, column: 7, what: 'b → true' },
    { line: 2, column: 7, what: 'b → false' },
    { line: 2, column: 10, what: 'c(); dropped' },
  ]);
});
