import { execaNode } from 'execa';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test.each(['stdout', 'stderr'] as const)('goes on to its end when nobody reads its %s any longer', async (stream) => {
  const output = join(import.meta.dirname, 'output.ts');
  const script = `
    import { setTimeout as sleep } from 'node:timers/promises';
    import { complain, outliveReaders } from ${JSON.stringify(output)};
    outliveReaders();
    for (let line = 0; line < 20; line++) {
      process.${stream}.write('x'.repeat(1000) + '\\n');
      complain('there is nobody');
      await sleep(10);
    }
    process.exitCode = 7;`;
  const running = execaNode('-', { input: script, nodeOptions: ['--input-type=module'], reject: false, buffer: false });
  running[stream].destroy();
  expect((await running).exitCode).toBe(7);
});
