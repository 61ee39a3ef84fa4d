/**
 * A process that answers, for one mutant after the other, whether a test notices it. Started by `npm run mutation`, which
 * ends it when a mutant never comes back from its tests.
 */
import { getEachMessage, sendMessage } from 'execa';
import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename, join } from 'node:path';
import { createVitest } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';
import { mutated } from './mutants.ts';
import type { Mutant } from './mutants.ts';

/** What the parent sends. `file` is relative to the repository. */
export interface Question {
  file: string;
  mutant: Mutant;
}

/** What comes back: first that the tests pass as the code is, then one answer a question. */
export type Answer = { ready: true } | { killedBy: string } | { survived: true } | { failed: string };

const root = join(import.meta.dirname, '..', '..');

/** The lowest: whoever works on this machine goes first. */
setPriority(19);

let current: Question | undefined;

const vitest = await createVitest(
  {
    root,
    config: false,
    watch: false,
    // meaning.test.ts asks whether the files have changed: it would notice every mutant, and say nothing of the rules.
    include: ['harness/**/*.test.ts'],
    exclude: ['**/*.e2e.test.ts', '**/*.long.test.ts', '**/meaning.test.ts'],
    pool: 'threads',
    maxWorkers: 1,
    // The parent knows how long is too long on this machine.
    testTimeout: 15 * 60_000,
    bail: 1,
    reporters: [{}],
    // A cache by the file's own text would give the unchanged module for every mutant.
    fsModuleCache: false,
  },
  {
    plugins: [
      {
        name: 'cofferdam-mutant',
        enforce: 'pre',
        transform: (code, id) =>
          current !== undefined && id === join(root, current.file)
            ? mutated(readFileSync(id, 'utf8'), current.mutant)
            : undefined,
      },
    ],
  },
);

/** Whether this test file passes. */
async function passes(specification: TestSpecification): Promise<boolean> {
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([specification]);
  vitest.state.clearErrors();
  return testModules.length > 0 && unhandledErrors.length === 0 && testModules.every((module) => module.ok());
}

/** Runs every test file as the code is: none may fail. How long each takes, in milliseconds. */
async function baseline(specifications: readonly TestSpecification[]): Promise<Map<TestSpecification, number>> {
  const durations = new Map<TestSpecification, number>();
  for (const specification of specifications) {
    const started = performance.now();
    if (!(await passes(specification)))
      throw new Error(`${specification.moduleId} fails without any mutant: npx vitest run ${specification.moduleId}`);
    durations.set(specification, performance.now() - started);
  }
  return durations;
}

/** The test files that import a file, directly or not: its own first, then the quick ones. */
function testsOf(file: string, durations: ReadonlyMap<TestSpecification, number>): TestSpecification[] {
  const graph = vitest.vite.environments.ssr.moduleGraph;
  const importing = new Set<string>();
  const follow = (path: string): void => {
    for (const module of graph.getModulesByFile(path) ?? []) {
      for (const { file: importer } of module.importers) {
        if (!importer || importing.has(importer)) continue;
        importing.add(importer);
        follow(importer);
      }
    }
  };
  follow(join(root, file));
  const own = `${basename(file, '.ts')}.test.ts`;
  const rank = ([{ moduleId }, duration]: [TestSpecification, number]) => (basename(moduleId) === own ? 0 : duration);
  return [...durations]
    .filter(([{ moduleId }]) => importing.has(moduleId))
    .sort((a, b) => rank(a) - rank(b))
    .map(([specification]) => specification);
}

async function answer(question: Question, tests: readonly TestSpecification[]): Promise<Answer> {
  current = question;
  vitest.invalidateFile(join(root, question.file));
  for (const test of tests) {
    if (!(await passes(test))) return { killedBy: basename(test.moduleId) };
  }
  return { survived: true };
}

try {
  const durations = await baseline(await vitest.globTestSpecifications());
  await sendMessage({ ready: true } satisfies Answer);
  let last: string | undefined;
  const tests = new Map<string, TestSpecification[]>();
  for await (const message of getEachMessage()) {
    const question = message as unknown as Question;
    // The file before this one has to be whole again.
    if (last !== undefined && last !== question.file) vitest.invalidateFile(join(root, last));
    last = question.file;
    const known = tests.get(question.file) ?? testsOf(question.file, durations);
    tests.set(question.file, known);
    await sendMessage(await answer(question, known));
  }
} catch (error) {
  await sendMessage({ failed: error instanceof Error ? error.message : String(error) } satisfies Answer);
} finally {
  await vitest.close();
}
