/** npm run new-check SUITE/NAME [SHAPE]: writes suites/SUITE/NAME.ts, to be filled in. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkTemplate, isCheckId, shapes } from './check-template.ts';

const root = join(import.meta.dirname, '..');
const [id, wanted = 'cell', ...more] = process.argv.slice(2);
const shape = shapes.find((one) => one === wanted);

function usage(problem: string): void {
  const suites = readdirSync(join(root, 'suites'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  console.error(
    `${problem}\nusage: npm run new-check SUITE/NAME [SHAPE], such as kernel-isolation/boot-id-is-not-the-nodes`,
  );
  console.error(
    'shapes: cell (a handler on a node; the usual one), path (between tenants), attribution (what really ran)',
  );
  console.error(`suites so far: ${suites.map((entry) => entry.name).join(', ') || 'none'}`);
  process.exitCode = 2;
}

if (!id || more.length > 0) usage('name the one check to write');
else if (!isCheckId(id)) usage(`"${id}" cannot be the id of a check: two parts of lower-case words with hyphens`);
else if (!shape) usage(`"${wanted}" is no shape of a check: ${shapes.join(', ')}`);
else {
  const file = join(root, 'suites', `${id}.ts`);
  if (existsSync(file)) usage(`suites/${id}.ts is there already`);
  else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, checkTemplate(id, shape));
    console.log(`wrote suites/${id}.ts
It does not type-check until all that its comments ask for is there. Then:
  npx tsc -p .                what is still missing
  npm run check -- ${id}
                              try it on the disposable cluster
  npm run docs                bring docs/checks up to date`);
  }
}
