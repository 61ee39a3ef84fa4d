import { ESLint } from 'eslint';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** The rules that need no types, for files that need not exist. */
const untyped = new ESLint({
  cwd: root,
  overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }],
});
const typed = new ESLint({ cwd: root });

async function complaints(eslint: ESLint, file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, file) });
  const messages = result?.messages ?? [];
  expect(messages.filter((message) => message.fatal)).toEqual([]);
  return messages.map((message) => `${message.ruleId ?? 'ESLint'}: ${message.message}`);
}

const imports = (module: string) => `import { thing } from '${module}';\nexport const used = thing;\n`;

const forbidden: [file: string, module: string][] = [
  ['suites/host-devices/x.ts', 'node:fs'],
  ['suites/host-devices/x.ts', 'execa'],
  ['suites/host-devices/x.ts', '../../harness/judge/judge.ts'],
  ['suites/host-devices/x.ts', '../../harness/oracles/kernel.ts'],
  ['suites/host-devices/x.ts', '../../fixtures/cluster/control.ts'],
  ['suites/host-devices/x.ts', './another-check.ts'],
  ['fixtures/breaches/runtime/x.ts', 'node:fs'],
  ['fixtures/breaches/cluster/x.ts', '../../cluster/api.ts'],
  ['fixtures/variants/runtime/x.ts', 'node:fs'],
  ['fixtures/variants/node/x.ts', '../../cluster/index.ts'],
  ['variants/outcome.ts', 'node:fs'],
  ['variants/stages.ts', '../fixtures/cluster/index.ts'],
  ['prove/outcome.ts', 'node:fs'],
  ['prove/stages.ts', '../fixtures/cluster/index.ts'],
  ['prove/cite.ts', 'node:fs'],
  ['harness/judge/judge.ts', 'node:fs'],
  ['harness/judge/judge.ts', 'node:timers/promises'],
  ['harness/judge/evaluate.ts', '@kubernetes/client-node'],
  ['harness/judge/evaluate.ts', '../collect/collect.ts'],
  ['harness/judge/kernel.ts', '../targets/kubernetes.ts'],
  ['harness/judge/witness.ts', '../store.ts'],
  ['harness/judge/path.ts', 'execa'],
  ['harness/outcome.ts', './plan/plan.ts'],
  ['harness/judge/attribution.ts', '../collect/network.ts'],
  ['harness/oracles/kernel.ts', 'node:child_process'],
  ['harness/oracles/kernel.ts', '../collect/pods.ts'],
  ['harness/plan/plan.ts', 'node:fs'],
  ['harness/plan/plan.ts', 'node:fs/promises'],
  ['harness/new-file.ts', 'node:net'],
  ['harness/collect/collect.ts', 'node:fs'],
  ['harness/new-file.ts', 'execa'],
  ['harness/new-file.ts', '@kubernetes/client-node'],
  ['harness/new-file.ts', './targets/kubernetes.ts'],
  ['harness/plan/plan.ts', '../targets/errors.ts'],
  ['harness/plan/plan.ts', '../collect/collect.ts'],
  ['harness/plan/plan.ts', '../testing/e2e.ts'],
  ['harness/collect/manifests/pod.ts', '../../store.ts'],
  ['harness/collect/manifests/pod.ts', '../collection.ts'],
  ['harness/collect/collect.ts', 'execa'],
  ['harness/collect/network.ts', '@kubernetes/client-node'],
  ['reports/junit.ts', '@kubernetes/client-node'],
  ['reports/junit.ts', '../harness/targets/kubernetes.ts'],
  ['reports/junit.ts', '../harness/collect/collect.ts'],
  ['reports/junit.ts', '../cli/run.ts'],
  ['reports/junit.ts', 'node:fs'],
  ['reports/junit.ts', 'execa'],
  ['reports/html/page.ts', 'node:fs'],
  ['reports/html/page.ts', '../../harness/store.ts'],
  ['reports/html/page.ts', '../../cli/run.ts'],
  ['reports/place.ts', '@kubernetes/client-node'],
  ['reports/sarif.ts', '../requirements/gdpr.ts'],
  ['requirements/gdpr.ts', 'node:fs'],
  ['requirements/gdpr.ts', '../harness/check.ts'],
  ['reports/write.ts', '../harness/targets/kubernetes.ts'],
  ['reports/write.ts', '@kubernetes/client-node'],
  ['evidence/verify.ts', '@kubernetes/client-node'],
  ['evidence/verify.ts', '../harness/targets/kubernetes.ts'],
  ['evidence/verify.ts', '../harness/collect/collect.ts'],
  ['evidence/verify.ts', '../harness/collect/refusal.ts'],
  ['evidence/verify.ts', 'node:net'],
  ['evidence/compare.ts', 'node:fs'],
  ['evidence/compare.ts', './manifest.ts'],
  ['evidence/stable.ts', '../harness/store.ts'],
];

test.for(forbidden)('%s may not import %s', async ([file, module]) => {
  expect(await complaints(untyped, file, imports(module))).toContainEqual(
    expect.stringMatching(/^(@typescript-eslint\/)?no-restricted-imports: /),
  );
});

test.for(['@kubernetes/client-node', './targets/kubernetes.ts', './collect/collection.ts'])(
  'what computes may know %s by its types, as no value',
  async (module) => {
    const code = `import type { Thing } from '${module}';\nexport type Used = Thing;\n`;
    expect(await complaints(untyped, 'harness/new-file.ts', code)).toEqual([]);
    expect(await complaints(untyped, 'harness/new-file.ts', `export * from '${module}';\n`)).toContainEqual(
      expect.stringMatching(/no-restricted-imports: /),
    );
  },
);

test.for(['harness/judge/judge.ts', 'suites/host-devices/x.ts', 'reports/junit.ts', 'harness/plan/plan.ts'])(
  '%s may not hide an import',
  async (file) => {
    const dynamic = await complaints(untyped, file, `export const used = await import('node:fs');\n`);
    expect(dynamic).toContainEqual(expect.stringMatching(/^no-restricted-syntax: /));
    const reexport = await complaints(untyped, file, `export * from 'node:fs';\n`);
    expect(reexport).toContainEqual(expect.stringMatching(/^no-restricted-imports: /));
    const typeOnly = await complaints(
      untyped,
      file,
      `import type { Stats } from 'node:fs';\nexport type Used = Stats;\n`,
    );
    expect(typeOnly).toContainEqual(expect.stringMatching(/^no-restricted-imports: /));
  },
);

const allowed: [file: string, module: string][] = [
  ['suites/host-devices/x.ts', '../../harness/check.ts'],
  ['suites/host-devices/x.ts', '../../harness/oracles.ts'],
  ['suites/host-devices/x.ts', '../../fixtures/profiles.ts'],
  ['fixtures/breaches/runtime/x.ts', '../breach.ts'],
  ['prove/stages.ts', '../harness/evidence.ts'],
  ['prove/cite.ts', '../harness/usage.ts'],
  ['prove/prove.ts', 'node:fs'],
  ['suites/conformance.test.ts', '../harness/store.ts'],
  ['harness/judge/judge.ts', '../outcome.ts'],
  ['harness/judge/judge.ts', './kernel.ts'],
  ['harness/judge/judge.ts', 'node:crypto'],
  ['harness/judge/evaluate.ts', '../oracles/kernel.ts'],
  ['harness/oracles/canary.ts', '../outcome.ts'],
  ['harness/oracles/canary.ts', './kernel.ts'],
  ['harness/journal.ts', 'node:fs'],
  ['harness/image/image.ts', 'execa'],
  ['harness/collect/collect.ts', '../targets/errors.ts'],
  ['harness/collect/collect.ts', './collection.ts'],
  ['harness/targets/kubernetes.ts', 'node:fs'],
  ['harness/targets/kubernetes.ts', '@kubernetes/client-node'],
  ['harness/plan/plan.test.ts', 'node:fs'],
  ['reports/junit.ts', './text.ts'],
  ['reports/junit.ts', '../harness/evidence.ts'],
  ['reports/junit.ts', 'junit-report-builder'],
  ['reports/junit.ts', 'saxes'],
  ['reports/html/page.ts', '../text.ts'],
  ['reports/html/page.ts', '../../harness/evidence.ts'],
  ['reports/oscal.ts', '../requirements/index.ts'],
  ['requirements/index.ts', './gdpr.ts'],
  ['reports/write.ts', 'node:fs'],
  ['reports/comparison.ts', '../evidence/comparison.ts'],
  ['evidence/verify.ts', 'node:fs'],
  ['evidence/verify.ts', '../harness/judging.ts'],
  ['evidence/verify.ts', '@sigstore/verify'],
  ['evidence/compare.ts', '../harness/judge/evaluate.ts'],
  ['evidence/compare.ts', '../harness/judge/lookup.ts'],
];

test.for(allowed)('%s may import %s', async ([file, module]) => {
  expect(await complaints(untyped, file, imports(module))).toEqual([]);
});

test.for(['test', 'it', 'describe'])('%s.only fails', async (name) => {
  const code = `import { ${name} } from 'vitest';\n${name}.only('x', () => {});\n`;
  for (const file of ['harness/x.test.ts', 'suites/conformance.test.ts', 'cli/x.e2e.test.ts']) {
    expect(await complaints(untyped, file, code)).toContainEqual(expect.stringContaining('Without .only'));
  }
});

test('a promise that nobody waits for fails', async () => {
  const code = 'async function work(): Promise<void> { await Promise.resolve(); }\nwork();\n';
  expect(await complaints(typed, 'scripts/lint.ts', code)).toContainEqual(
    expect.stringMatching(/no-floating-promises/),
  );
});
