import ts from 'typescript';

/** One rule dropped or weakened: a stretch of the source, and what stands there instead. */
export interface Mutant {
  /** Offsets in the source. */
  start: number;
  end: number;
  replacement: string;
  /** Counted from 1. */
  line: number;
  column: number;
  /** The change as a reader sees it: `view.complete → true`. */
  what: string;
}

/** The source with the mutant's change in it. */
export const mutated = (source: string, { start, end, replacement }: Mutant): string =>
  source.slice(0, start) + replacement + source.slice(end);

/** Values that are sentences for a reader. No verdict depends on them. */
const wordsIn = new Set(['seen', 'why', 'reason', 'what', 'where', 'controlWhere', 'crossedWhen', 'by', 'because']);
/** What harness/judge/evaluate.ts says beside a verdict. */
const wordsBeside = new Set(['expected', 'observed', 'control']);
/** Functions that make sentences. */
const wordMakers = new Set(['said', 'quote', 'describeExpectation', 'describeAttempt', 'fillText']);

/** Properties whose texts are names that a rule compares, not sentences. */
const named = new Set(['kind', 'verdict', 'answer', 'errno', 'class', 'witness', 'shownBy']);

/** Calls that take a predicate. */
const predicates = new Set(['filter', 'find', 'findLast', 'some', 'every']);

const swappedCalls: Record<string, string> = { some: 'every', every: 'some', min: 'max', max: 'min', abs: 'sign' };

const swappedOperators: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: '!==',
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: '===',
  [ts.SyntaxKind.LessThanToken]: '<=',
  [ts.SyntaxKind.LessThanEqualsToken]: '<',
  [ts.SyntaxKind.GreaterThanToken]: '>=',
  [ts.SyntaxKind.GreaterThanEqualsToken]: '>',
  [ts.SyntaxKind.MinusToken]: '+',
  [ts.SyntaxKind.SlashToken]: '*',
  [ts.SyntaxKind.BarToken]: '&',
  [ts.SyntaxKind.AmpersandToken]: '|',
  [ts.SyntaxKind.GreaterThanGreaterThanToken]: '<<',
};

const logical = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);
const equality = new Set([ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken]);

/** Every mutant of a file, in the order of its text. */
export function mutantsOf(source: string): Mutant[] {
  const file = ts.createSourceFile('file.ts', source, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  const add = (node: ts.Node, replacement: string, what = `${short(node.getText())} → ${short(replacement)}`) => {
    const start = node.getStart();
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    mutants.push({ start, end: node.end, replacement, line: line + 1, column: character + 1, what });
  };
  const visit = (node: ts.Node): void => {
    if (isForReaders(node)) return;
    if (ts.isCaseClause(node) && node.statements.length > 0) add(node, '', `${short(node.getText())} dropped`);
    if (ts.isExpressionStatement(node)) add(node, ';', `${short(node.getText())} dropped`);
    for (const replacement of replacementsOf(node)) add(node, replacement);
    for (const [word, replacement] of withoutAWord(node)) add(node, replacement, `'${word}' dropped from the list`);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return mutants;
}

/** Types, imports and sentences: nothing in them decides. */
function isForReaders(node: ts.Node): boolean {
  if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return true;
  if (ts.isTypeAliasDeclaration(node) || ts.isExportDeclaration(node)) return true;
  if ((ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node)) && node.name && ts.isIdentifier(node.name)) {
    if (wordMakers.has(node.name.text)) return true;
    return ts.isVariableDeclaration(node) && wordsIn.has(node.name.text) && makesText(node.initializer);
  }
  if (!ts.isPropertyAssignment(node) || !ts.isIdentifier(node.name)) return false;
  return wordsIn.has(node.name.text) || (wordsBeside.has(node.name.text) && makesText(node.initializer));
}

/** A text, or a choice or chain of calls that ends in one. */
function makesText(node: ts.Node | undefined): boolean {
  if (!node) return false;
  if (ts.isStringLiteral(node) || ts.isTemplateLiteral(node)) return true;
  if (ts.isConditionalExpression(node)) return makesText(node.whenTrue) || makesText(node.whenFalse);
  if (ts.isBinaryExpression(node)) return makesText(node.left) || makesText(node.right);
  return ts.isCallExpression(node) && /^describe|\.join$/.test(node.expression.getText());
}

/** What may stand in a node's place. */
function replacementsOf(node: ts.Node): string[] {
  if (isCondition(node)) return ['true', 'false', ...(isChoice(node) ? insideOf(node) : [])];
  return insideOf(node);
}

/** What an `if` or `? :` asks, or a predicate answers. */
function isCondition(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isIfStatement(parent)) return parent.expression === node;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  return ts.isArrowFunction(parent) && parent.body === node && !ts.isBlock(node) && isPredicate(parent);
}

const isPredicate = (arrow: ts.ArrowFunction): boolean =>
  ts.isCallExpression(arrow.parent) &&
  ts.isPropertyAccessExpression(arrow.parent.expression) &&
  predicates.has(arrow.parent.expression.name.text);

/** Its parts can be dropped one at a time, which dropping the whole does not show. */
const isChoice = (node: ts.Node): boolean =>
  (ts.isBinaryExpression(node) && !equality.has(node.operatorToken.kind)) || ts.isCallExpression(node);

function insideOf(node: ts.Node): string[] {
  if (ts.isBinaryExpression(node)) return operatorsOf(node);
  if (ts.isPrefixUnaryExpression(node)) return unaryOf(node);
  if (ts.isCallExpression(node)) return callsOf(node);
  if (ts.isArrayLiteralExpression(node)) return withoutOne(node);
  if (ts.isRegularExpressionLiteral(node)) return patternsOf(node.text);
  if (ts.isNumericLiteral(node) && !ts.isPrefixUnaryExpression(node.parent)) return [String(Number(node.text) + 1)];
  if (node.kind === ts.SyntaxKind.TrueKeyword) return ['false'];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return ['true'];
  if (ts.isStringLiteral(node) && isName(node)) return ["''"];
  return [];
}

/** A name that is compared: of a field, or of what an outcome is. */
function isName(node: ts.StringLiteral): boolean {
  const { parent } = node;
  if (ts.isElementAccessExpression(parent)) return true;
  return ts.isPropertyAssignment(parent) && ts.isIdentifier(parent.name) && named.has(parent.name.text);
}

function operatorsOf(node: ts.BinaryExpression): string[] {
  const { kind } = node.operatorToken;
  const [left, right] = [node.left.getText(), node.right.getText()];
  if (logical.has(kind)) return ts.isStringLiteralLike(node.right) ? [] : [`(${left})`, `(${right})`];
  // Beside others, an equality is dropped with its whole; only where it stands alone it can be turned round.
  if (equality.has(kind) && ts.isBinaryExpression(node.parent) && logical.has(node.parent.operatorToken.kind))
    return [];
  const swapped = swappedOperators[kind];
  return swapped === undefined ? [] : [`${left} ${swapped} ${right}`];
}

function unaryOf(node: ts.PrefixUnaryExpression): string[] {
  if (node.operator === ts.SyntaxKind.ExclamationToken) return [node.operand.getText()];
  return node.operator === ts.SyntaxKind.MinusToken ? ['0'] : [];
}

function callsOf(node: ts.CallExpression): string[] {
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression)) return [];
  const rest = node.getText().slice(expression.getText().length);
  const swapped = swappedCalls[expression.name.text];
  return swapped === undefined ? [] : [`${expression.expression.getText()}.${swapped}${rest}`];
}

/** A list that is written as one text of words, `'a b c'.split(' ')`, without each of its words in turn. */
function withoutAWord(node: ts.Node): [word: string, replacement: string][] {
  if (
    !ts.isStringLiteral(node) ||
    !/^\.split\(\s*' ',?\s*\)$/.test(node.parent.parent.getText().slice(node.getText().length))
  )
    return [];
  const words = node.text.split(' ');
  return words.map((word, index) => [word, `'${words.toSpliced(index, 1).join(' ')}'`]);
}

/** The list with each of its members missing in turn. */
function withoutOne(node: ts.ArrayLiteralExpression): string[] {
  const members = node.elements.map((element) => element.getText());
  return members.map((_, index) => `[${members.toSpliced(index, 1).join(', ')}]`);
}

/** A pattern that matches nothing, and the pattern without an anchor or one of its alternatives. */
function patternsOf(pattern: string): string[] {
  const [, body = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(pattern) ?? [];
  const weakened = [
    ...(body.startsWith('^') ? [body.slice(1)] : []),
    ...(body.endsWith('$') ? [body.slice(0, -1)] : []),
    ...[...body.matchAll(/\(([^()]*\|[^()]*)\)/g)].flatMap(({ 0: whole, 1: inner = '', index }) => {
      const alternatives = inner.split('|');
      return alternatives.map(
        (_, which) =>
          `${body.slice(0, index)}(${alternatives.toSpliced(which, 1).join('|')})${body.slice(index + whole.length)}`,
      );
    }),
  ];
  return ['/(?!)/', ...weakened.map((one) => `/${one}/${flags}`)];
}

/** On one line, and short enough for one. */
function short(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 60)} … ${line.slice(-16)}` : line;
}
