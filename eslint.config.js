import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/*
 * Beside the usual rules, the import direction: which folder may know which. A verdict must not depend on anything but
 * the evidence, so what judges cannot reach a cluster, a file or a clock-driven service, and a check is data.
 * `scripts/lint-rules.test.ts` shows that each of these rules still bites.
 */

/** Files that may not import anything but what matches one of the patterns. */
const mayImportOnly = (name, files, ignores, allowed, why) => ({
  name: `cofferdam/${name}`,
  files,
  ignores: ['**/*.test.ts', ...ignores],
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: [{ regex: `^(?!(?:${allowed.join('|')})$)`, message: `${why} (eslint.config.js: ${name})` }] },
    ],
    // The rule above does not look at these two.
    'no-restricted-syntax': [
      'error',
      ...noOnly,
      { selector: 'ImportExpression', message: `${why}, and import() hides what is imported` },
      { selector: 'TSImportType', message: `Import the type at the top: ${why}` },
    ],
  },
});

const noOnly = [
  {
    selector: "MemberExpression[object.name=/^(test|it|describe|suite|bench)$/][property.name='only']",
    message: 'Without .only: the other tests would be skipped in silence.',
  },
];

/** The part of the harness that reads, writes and starts processes by itself. */
const doesInputAndOutput = [
  'harness/journal.ts',
  'harness/store.ts',
  'harness/catalogue.ts',
  'harness/judging.ts',
  'harness/image/image.ts',
  // Strings the stages together, and writes what they leave.
  'harness/run.ts',
  // Reads package.json.
  'harness/version.ts',
  'harness/targets/**',
  'harness/testing/**',
];

/** The part that asks the cluster, through the target that it is given, and reaches nothing else. */
const asksTheCluster = [
  'harness/collect/annotated.ts',
  'harness/collect/clean-up.ts',
  'harness/collect/collect.ts',
  'harness/collect/collection.ts',
  'harness/collect/following.ts',
  'harness/collect/missing-handler.ts',
  'harness/collect/network.ts',
  'harness/collect/refusal.ts',
  'harness/discover/discover.ts',
];

/** Modules of the harness, as a part of what an import names: from within their folder, or from outside. */
const modulesOf = (files) =>
  `(?:${files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice('harness/'.length, -'.ts'.length))
    .map((module) => module.replace(/^([a-z]+)\//, '(?:$1/)?'))
    .join('|')})`;

/** Files of the harness, but for these, may know what matches only by its types. */
const knowsByTypesOnly = (name, ignores, regex, why) => ({
  name: `cofferdam/${name}`,
  files: ['harness/**/*.ts'],
  ignores: ['**/*.test.ts', ...ignores],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      { patterns: [{ regex, allowTypeImports: true, message: `${why} (eslint.config.js: ${name})` }] },
    ],
  },
});
/** Packages that reach out. How Kubernetes writes a quantity is in one of them. */
const reachingPackages = 'execa|zx|@kubernetes/(?!client-node/dist/util\\.js$).*';

/** The part that comes to the verdict. */
const judges = {
  within: ['harness/judge/**/*.ts'],
  // What those stand on: if these did I/O, so would they.
  beside: ['harness/attempt.ts', 'harness/check.ts', 'harness/evidence.ts', 'harness/oracles.ts', 'harness/outcome.ts'],
};
/** The same, as what they import of each other. */
const judgesModules = [
  '(?:\\.{1,2}/)+(?:judge/[a-z-]+|outcome|oracles|attempt|check|evidence)\\.ts',
  '(?:\\.{1,2}/)+oracles/[a-z-]+\\.ts',
];
/** From within a folder, what is beside. */
const beside = '\\./[a-z-]+\\.ts';

/** Puts the reports into files. */
const writesReports = ['reports/write.ts', 'reports/place.ts'];
/** Any package but those that reach out. */
const harmlessPackages = ['(?!node:|\\.|@kubernetes/|execa$|zx$|vitest)[^.].*'];

const pureBecause = 'A verdict depends on the evidence alone: what judges imports only what judges, and no I/O';

export default defineConfig(
  { ignores: ['**/node_modules/**', 'docs/**', 'cofferdam-run-*/**', '.vitest/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  {
    name: 'cofferdam/typescript',
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...noOnly],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false },
      ],
      // A type parameter T that merges with another package's declaration has to keep its name, used or not.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^(_|T$)', caughtErrors: 'none' },
      ],
      // The models of the Kubernetes client are classes in name only: its own examples pass literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // A number in a message is what it is there for.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowNullish: false }],
      // `(line) => print(line)` is how a callback reads best.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // `void promise` says on purpose that nobody waits.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // Empty functions are the honest implementation of "says nothing".
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    name: 'cofferdam/javascript',
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.recommended],
  },
  {
    name: 'cofferdam/tests',
    files: ['**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  mayImportOnly(
    'suites',
    ['suites/*/**/*.ts'],
    [],
    ['(?:\\.\\./)+harness/(?:check|oracles)\\.ts', '(?:\\.\\./)+fixtures/profiles\\.ts'],
    'A check is data: it imports only harness/check.ts, harness/oracles.ts and fixtures/profiles.ts',
  ),
  mayImportOnly(
    'breaches',
    ['fixtures/breaches/{runtime,configuration,cluster,history}/*.ts'],
    [],
    [
      '\\.\\./(?:breach|admission|kubelet|machine|rejections|runc-of-the-node)\\.ts',
      '(?:\\.\\./)+(?:bridge-network|dual-stack|mutating-policy|restart-containerd)\\.ts',
    ],
    'A breach is data: it imports only breach.ts, admission.ts, kubelet.ts, machine.ts, rejections.ts, runc-of-the-node.ts, bridge-network.ts, dual-stack.ts, mutating-policy.ts and restart-containerd.ts',
  ),
  mayImportOnly(
    'prove',
    ['prove/**/*.ts'],
    // Plants and runs; loads the breaches; keeps the record.
    ['prove/prove.ts', 'prove/plant.ts', 'prove/catalogue.ts', 'prove/record.ts'],
    [
      'node:crypto',
      '\\./(?:claims|describe|outcome|page|record|stages)\\.ts',
      '\\.\\./fixtures/(?:profiles|breaches/breach)\\.ts',
      '\\.\\./harness/(?:check|evidence|plan/scope|usage)\\.ts',
      '\\.\\./reports/(?:text|html/document|html/markup)\\.ts',
    ],
    'What prove plans, and what it concludes, depends on breaches and evidence alone',
  ),
  mayImportOnly(
    'variants',
    ['fixtures/variants/{runtime,pods,node,network}/*.ts'],
    [],
    ['\\.\\./variant\\.ts', '(?:\\.\\./)+(?:dual-stack|restart-containerd)\\.ts'],
    'A variant is data: it imports only variant.ts, dual-stack.ts and restart-containerd.ts',
  ),
  mayImportOnly(
    'variant-results',
    ['variants/{stages,outcome,result,describe}.ts'],
    [],
    [
      'zod',
      '\\./(?:outcome|result)\\.ts',
      '\\.\\./fixtures/variants/variant\\.ts',
      '\\.\\./harness/evidence\\.ts',
      '\\.\\./reports/text\\.ts',
    ],
    'What came of a variant depends on the evidence of its run alone',
  ),
  mayImportOnly(
    'requirements',
    ['requirements/**/*.ts'],
    [],
    ['\\./[a-z0-9-]+\\.ts'],
    'Requirements are data: they import nothing but each other',
  ),
  mayImportOnly('judge', judges.beside, [], ['node:crypto', 'zod', ...judgesModules], pureBecause),
  mayImportOnly('judge-folder', judges.within, [], ['node:crypto', beside, ...judgesModules], pureBecause),
  mayImportOnly('oracles', ['harness/oracles/**/*.ts'], [], ['node:crypto', beside, ...judgesModules], pureBecause),
  mayImportOnly(
    'harness',
    ['harness/**/*.ts'],
    [...doesInputAndOutput, ...judges.within, ...judges.beside, 'harness/oracles/**'],
    // These compute, and reach nothing.
    ['node:(?:crypto|events|path|url|zlib|stream|stream/consumers|timers/promises)', '(?!node:).*'],
    'Only the stores, what starts processes and targets/ do I/O',
  ),
  knowsByTypesOnly(
    'harness-packages',
    doesInputAndOutput,
    `^(?:${reachingPackages})$`,
    'The cluster is reached through targets/ alone, and processes are started by few',
  ),
  // Replaces the one before, of which it has all.
  knowsByTypesOnly(
    'harness-reach',
    [...doesInputAndOutput, ...asksTheCluster],
    `^(?:${reachingPackages}|(?:\\.{1,2}/)+(?:targets|testing)/.*|(?:\\.{1,2}/)+${modulesOf([...doesInputAndOutput, ...asksTheCluster])}\\.ts)$`,
    'This part computes: it reaches neither the cluster nor a file, and nothing that does',
  ),
  mayImportOnly(
    'reports',
    ['reports/**/*.ts'],
    ['reports/testing.ts', 'reports/schemas/validators.ts', ...writesReports],
    [
      'node:crypto',
      'node:util',
      '\\./.*',
      // From a folder of a format.
      '\\.\\./[a-z-]+\\.ts',
      // progress.ts knows how people read a duration, method.ts how a check finds out.
      '(?:\\.\\./)+harness/(?:evidence|judge/judge|check|progress|method)\\.ts',
      '(?:\\.\\./)+requirements/index\\.ts',
      // What was found out about stored runs, as data.
      '(?:\\.\\./)+evidence/(?:verification|comparison)\\.ts',
      ...harmlessPackages,
    ],
    'A report is a pure function of run.json: of the harness it imports evidence.ts, judge/judge.ts, check.ts, progress.ts and method.ts, and no I/O',
  ),
  mayImportOnly(
    'report-writer',
    writesReports,
    [],
    [
      'node:(?:fs|path)',
      '\\./.*',
      '(?:\\.\\./)+harness/(?:evidence|judge/judge|check|progress|method|catalogue|store|usage)\\.ts',
      ...harmlessPackages,
    ],
    'Writing reports needs files, and no cluster',
  ),
  mayImportOnly(
    'evidence',
    ['evidence/**/*.ts'],
    ['evidence/testing.ts', 'evidence/testing-sigstore.ts'],
    [
      'node:(?:crypto|fs|path|util)',
      '\\./.*',
      `(?:\\.\\./)+harness/(?!${modulesOf([...asksTheCluster, 'harness/run.ts', 'harness/image/image.ts', 'harness/journal.ts'])}\\.ts)(?:judge/|collect/)?[a-z-]+\\.ts`,
      '(?:\\.\\./)+reports/[a-z-]+\\.ts',
      ...harmlessPackages,
    ],
    'What is done with a stored run needs files, and no cluster',
  ),
  mayImportOnly(
    'comparison',
    [
      'evidence/compare.ts',
      'evidence/comparison.ts',
      'evidence/stable.ts',
      'evidence/stable-mounts.ts',
      'evidence/statement.ts',
    ],
    [],
    [
      'node:util',
      'zod',
      '\\./(?:comparison|stable|stable-mounts)\\.ts',
      '\\.\\./harness/(?:attempt|check|evidence|outcome|judge/(?:evaluate|judge|lookup|witness)|oracles/mountinfo)\\.ts',
      '\\.\\./reports/(?:conclusion|identity)\\.ts',
    ],
    'What is said of stored runs depends on them alone',
  ),
);
