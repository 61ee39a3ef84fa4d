import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { loadCatalogue } from '../harness/catalogue.ts';
import { checkTemplate, isCheckId, shapes } from './check-template.ts';

const root = join(import.meta.dirname, '..');

/** What the compiler says of a check that is not written to disk. */
function complaints(id: string, code: string): string {
  const file = join(root, 'suites', `${id}.ts`);
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (name) => ts.sys.readFile(name)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const fileExists = host.fileExists.bind(host);
  const getSourceFile = host.getSourceFile.bind(host);
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, code, rest[0]) : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  const source = program.getSourceFile(file);
  return [...program.getSemanticDiagnostics(source), ...program.getSyntacticDiagnostics(source)]
    .map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'))
    .join('\n');
}

test('a new check does not compile until all that its author decides is there', () => {
  const id = 'kernel-isolation/is-not-decided';
  const template = checkTemplate(id, 'cell');
  const first = complaints(id, template);
  for (const name of ["'shared-kernel'", "'application-kernel'", "'guest-kernel'"])
    expect(first).toContain(name.slice(1, -1));
  // With the expectations there, the compiler goes on to the rest.
  const expectations = template.replace(
    / {2}expect: \{[^}]*\}/,
    "  expect: { 'shared-kernel': contained, 'application-kernel': contained, 'guest-kernel': contained }",
  );
  const second = complaints(id, expectations.replace('defineCheck }', 'contained, defineCheck }'));
  expect(second).toMatch(/missing the following properties/);

  const decided: Record<string, string> = {
    claim: "'c'",
    because: "'b'",
    references: '[]',
    requirements: '[]',
    touch: "'read'",
    subject: "'restricted'",
    attempt: "read('/x')",
    reached: 'allowed()',
    control: "onReference('restricted')",
  };
  const filled = (without: string) =>
    Object.entries(decided)
      .filter(([name]) => name !== without)
      .reduce((text, [name, value]) => text.replace(new RegExp(`// ${name}: .*`), `${name}: ${value},`), expectations)
      .replace('defineCheck }', 'contained, defineCheck, onReference, read }')
      .replace("check.ts';", "check.ts';\nimport { allowed } from '../../harness/oracles.ts';");
  expect(complaints(id, filled('nothing'))).toBe('');
  for (const name of ['claim', 'because', 'references', 'control']) {
    expect(complaints(id, filled(name)), `without ${name}`).toContain(`Property '${name}' is missing`);
  }
}, 120_000);

test.each([
  ['path', { network: "'tcp'", server: "'plain'", phase: "'ingress-denied'" }],
  ['attribution', { about: "'node-view'" }],
] as const)(
  'nor does one of the shape %s',
  (shape, own: Record<string, string>) => {
    const id = 'tenant-network/is-not-decided';
    const everyCheck = { claim: "'c'", because: "'b'", references: '[]', requirements: '[]', touch: "'open'" };
    const expectations = checkTemplate(id, shape)
      .replace(
        / {2}expect: \{[^}]*\}/,
        "  expect: { 'shared-kernel': contained, 'application-kernel': contained, 'guest-kernel': contained }",
      )
      .replace('import { ', 'import { contained, ');
    const filled = (without: string) =>
      Object.entries({ ...everyCheck, ...own })
        .filter(([name]) => name !== without)
        .reduce(
          (text, [name, value]) => text.replace(new RegExp(`// ${name}: .*`), `${name}: ${value},`),
          expectations,
        );
    expect(complaints(id, filled('nothing'))).toBe('');
    for (const name of Object.keys(own))
      expect(complaints(id, filled(name)), `without ${name}`).toContain(`Property '${name}' is missing`);
  },
  240_000,
);

test('every shape that a check can have has a template', async () => {
  const used = new Set([...(await loadCatalogue()).values()].map((check) => check.scope));
  expect([...used].sort()).toEqual([...shapes].sort());
});

test.for([
  ['kernel-isolation/boot-id', true],
  ['boot-id', false],
  ['../x/y', false],
  ['a/b/c', false],
  ['A/b', false],
  ['a/b-', false],
] as const)('%s is an id: %s', ([id, expected]) => expect(isCheckId(id)).toBe(expected));
