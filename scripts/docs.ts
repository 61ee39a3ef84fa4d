/**
 * npm run docs [-- --check]: writes the pages that are made from the checks and from what variants came to, or fails when
 * they are stale.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { catalogueDigest, loadCatalogue } from '../harness/catalogue.ts';
import { loadVariants } from '../variants/catalogue.ts';
import { readResults } from '../variants/store.ts';
import { differences, renderDocs } from './render-docs.ts';
import { renderVariants } from './render-variants.ts';

const root = join(import.meta.dirname, '..');
const checks = [...(await loadCatalogue()).values()];
const pages = renderDocs(checks).set(
  'docs/false-alarms.md',
  renderVariants(await loadVariants(), readResults(), catalogueDigest(checks)),
);

/** Pages that are there, of which some may belong to a suite that is gone. */
function present(): string[] {
  try {
    return readdirSync(join(root, 'docs', 'checks')).map((name) => `docs/checks/${name}`);
  } catch {
    return [];
  }
}

const onDisk = (file: string): string | undefined => {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch {
    return undefined;
  }
};

const stale = differences(
  pages,
  new Map([...new Set([...present(), ...pages.keys()])].map((file) => [file, onDisk(file)])),
);
if (process.argv.includes('--check')) {
  for (const line of stale) console.error(line.what);
  if (stale.length > 0)
    console.error('The pages are made from the checks and the variants. Next: npm run docs, and commit docs/');
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const { file } of stale) {
    const text = pages.get(file);
    if (text === undefined) rmSync(join(root, file));
    else {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    console.log(`${text === undefined ? 'removed' : 'wrote'} ${file}`);
  }
  if (stale.length === 0) console.log('docs/ is what the checks and the variants say');
}
