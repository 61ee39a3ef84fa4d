import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { meaningVersion } from '../harness/evidence.ts';

const root = join(import.meta.dirname, '..');

/** Where the record is kept, beside what it is about. */
export const meaningFile = join(root, 'harness', 'judge', 'meaning.json');

/** What decides verdicts, by file, without what only people read. */
export interface MeaningRecord {
  meaning: number;
  /** SHA-256 of each file's code, cut to 16 digits. */
  code: Record<string, string>;
}

/** The rules, what they look at, and what turns a probe's lines into what they look at. */
const judging = [
  'harness/judge/judge.ts',
  'harness/judge/evaluate.ts',
  'harness/judge/kernel.ts',
  'harness/judge/sandbox.ts',
  'harness/judge/witness.ts',
  'harness/judge/path.ts',
  'harness/judge/annotations.ts',
  'harness/judge/attribution.ts',
  'harness/judge/behind.ts',
  'harness/judge/confinement.ts',
  'harness/judge/holding.ts',
  'harness/judge/lookup.ts',
  'harness/judge/rank.ts',
  'harness/outcome.ts',
  'harness/attempt.ts',
  'harness/check.ts',
  'harness/collect/facts.ts',
  'harness/collect/frame.ts',
];

const filesBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();

/** The files with the rules themselves: what judges, and the oracles. */
export const rules = (): string[] => [...judging, ...filesBelow('harness/oracles')];

/** Checks stand in folders of `suites/`; what stands beside these folders runs them. */
const checks = (): string[] => filesBelow('suites').filter((file) => file.split('/').length > 2);

/** What a reader is told, in a check. It never decides. */
const prose = new Set(['claim', 'because', 'references', 'requirements', 'crossedWhen']);

const isProse = (node: ts.Node): boolean =>
  ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && prose.has(node.name.text);

/** The code of a file as its tokens: without comments, layout, types and prose. */
export function codeOf(source: string): string {
  const file = ts.createSourceFile('file.ts', source, ts.ScriptTarget.Latest, true);
  const { transformed } = ts.transform(file, [
    (context) => (sourceFile) => {
      const visit = (node: ts.Node): ts.Node | undefined =>
        isProse(node) ? undefined : ts.visitEachChild(node, visit, context);
      return ts.visitNode(sourceFile, visit) as ts.SourceFile;
    },
  ]);
  const printed = transformed.map((one) => ts.createPrinter().printFile(one)).join('');
  const { outputText } = ts.transpileModule(printed, {
    compilerOptions: { target: ts.ScriptTarget.ESNext, removeComments: true },
  });
  // A list that moves to several lines gets a comma more.
  return tokensOf(outputText)
    .join(' ')
    .replaceAll(/, (?=[)\]}])/g, '');
}

function tokensOf(code: string): string[] {
  const tokens: string[] = [];
  const visit = (node: ts.Node): void => {
    const children = node.getChildren();
    if (children.length === 0) tokens.push(node.getText());
    else children.forEach(visit);
  };
  visit(ts.createSourceFile('file.js', code, ts.ScriptTarget.Latest, true));
  return tokens.filter((token) => token !== '');
}

/** What decides verdicts now. */
export function meaningRecord(): MeaningRecord {
  const files = [...rules(), 'fixtures/profiles.ts', ...checks()];
  const digest = (file: string) =>
    createHash('sha256')
      .update(codeOf(readFileSync(join(root, file), 'utf8')))
      .digest('hex')
      .slice(0, 16);
  return { meaning: meaningVersion, code: Object.fromEntries(files.map((file) => [file, digest(file)])) };
}
