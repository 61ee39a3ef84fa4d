import { loadYaml } from '@kubernetes/client-node';
import { execa } from 'execa';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { pluginDefinition } from './sonobuoy.ts';

interface Definition {
  'sonobuoy-config': Record<string, string>;
  spec: { name: string; image: string; command: string[]; args: string[] };
}

const definition = (image: string, ...runArguments: string[]) =>
  loadYaml<Definition>(pluginDefinition(image, runArguments));

it('is a definition as Sonobuoy reads it', () => {
  const { spec, 'sonobuoy-config': config } = definition('registry.example/cofferdam@sha256:aa');
  expect(config).toMatchObject({ driver: 'Job', 'plugin-name': 'cofferdam', 'result-format': 'manual' });
  expect(spec).toMatchObject({ image: 'registry.example/cofferdam@sha256:aa', command: ['sh', '-c'] });
});

it('keeps an image and arguments as they are, whatever is in them', () => {
  const image = 'x"\n  privileged: true #';
  const { spec } = definition(image, "it's", '$(id)', 'a\nb: c');
  expect(spec.image).toBe(image);
  expect(spec.args[0]).toContain(`'it'\\''s' '$(id)' 'a\nb: c'\n`);
});

/** Does what Sonobuoy's container would, with a cofferdam that writes its arguments down. */
async function carryOut(cofferdam: string, ...runArguments: string[]) {
  const root = mkdtempSync(join(tmpdir(), 'cofferdam-sonobuoy-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const [bin, results] = [join(root, 'bin'), join(root, 'results')];
  mkdirSync(bin);
  mkdirSync(results);
  writeFileSync(join(bin, 'cofferdam'), `#!/bin/sh\n${cofferdam}\n`, { mode: 0o755 });
  const { spec } = definition('x', ...runArguments);
  const [shell = '', ...options] = spec.command;
  const { exitCode } = await execa(shell, [...options, ...spec.args], {
    env: { SONOBUOY_RESULTS_DIR: results, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` },
    reject: false,
  });
  const done = readFileSync(join(results, 'done'), 'utf8');
  expect(existsSync(join(results, 'done.part'))).toBe(false);
  const unpacked = await execa('tar', ['-tzf', done]);
  return { exitCode, results, done, files: unpacked.stdout.split('\n').sort() };
}

it('sends the evidence with its results, and the exit code', async () => {
  const { exitCode, results, done, files } = await carryOut(
    'printf "%s\\n" "$@" > "$3/arguments"; echo {} > "$3/sonobuoy_results.yaml"; exit 1',
    '--only',
    "it's $HOME",
  );
  expect(done).toBe(join(results, 'cofferdam.tar.gz'));
  expect(exitCode).toBe(0);
  expect(readFileSync(join(results, 'exit-code'), 'utf8')).toBe('1\n');
  expect(files).toEqual(['cofferdam/', 'cofferdam/arguments', 'cofferdam/sonobuoy_results.yaml', 'exit-code']);
  expect(readFileSync(join(results, 'cofferdam', 'arguments'), 'utf8').split('\n')).toEqual(
    expect.arrayContaining(['run', '--out', join(results, 'cofferdam'), '--only', "it's $HOME"]),
  );
});

it('does not keep Sonobuoy waiting when the run could not be made', async () => {
  const { exitCode, files, results } = await carryOut('exit 2');
  expect(exitCode).toBe(0);
  expect(readFileSync(join(results, 'exit-code'), 'utf8')).toBe('2\n');
  // Nothing that Sonobuoy would take for results: it calls the plugin unknown.
  expect(files).toEqual(['cofferdam/', 'exit-code']);
});
