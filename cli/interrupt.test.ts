import { execa } from 'execa';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

/** A process that can be interrupted. `later` is what it says on how to clean up. */
const start = (...later: string[]) =>
  execa(process.execPath, [join(import.meta.dirname, 'testing-interrupt.ts'), ...later], {
    reject: false,
    timeout: 60_000,
  });
type Process = ReturnType<typeof start>;

/** It says when it is ready, and each time that it is aborted. */
const says = ({ stdout }: Process) => once(stdout, 'data');

/** Ends what the process is busy with, as a run that has been told to stop does in its own time. */
function finished(child: Process): Process {
  child.stdin.end();
  return child;
}

/** Longer than two signals may be apart that are one. */
const later = 1000;

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s aborts once, and lets what goes on come to its end',
  async (name) => {
    const child = start('cofferdam clean');
    await says(child);
    child.kill(name);
    await says(child);
    const { exitCode, stdout, stderr } = await finished(child);
    expect(stdout.split('\n')).toEqual(['ready', `Interruption: interrupted by ${name}`]);
    expect(stderr).toMatch(new RegExp(`^cofferdam: ${name}: stopping, .*Once more leaves at once\\.$`));
    expect(exitCode).toBe(0);
  },
);

test('two signals at the same moment are one', async () => {
  const child = start('cofferdam clean');
  await says(child);
  child.kill('SIGINT');
  child.kill('SIGTERM');
  await says(child);
  await sleep(later);
  const { exitCode, stdout, stderr } = await finished(child);
  expect(stdout.split('\n')).toHaveLength(2);
  expect(stderr.split('\n')).toHaveLength(1);
  expect(exitCode).toBe(0);
});

test.each<[string, string[], string[]]>([
  ['says how to clean up', ['cofferdam clean --run 1234'], ['  Run: cofferdam clean --run 1234']],
  ['names no command where there is nothing to clean up', [], []],
])('a second signal, a moment later, leaves at once and %s', async (_, command, said) => {
  const child = start(...command);
  await says(child);
  child.kill('SIGINT');
  await says(child);
  await sleep(later);
  child.kill('SIGTERM');
  const { exitCode, stdout, stderr } = await child;
  expect(exitCode).toBe(3);
  expect(stdout.split('\n')).toHaveLength(2);
  expect(stderr.split('\n').slice(1)).toEqual(['cofferdam: left without cleaning up (second SIGTERM)', ...said]);
});
