import type { Command } from 'commander';
import { UsageError } from '../harness/usage.ts';
import { print } from './output.ts';

export function addSonobuoy(program: Command): void {
  program
    .command('sonobuoy [arguments...]')
    .description('print a plugin definition with which Sonobuoy makes a run')
    .requiredOption('--image <ref>', 'an image with cofferdam, sh and tar on its PATH, and Go')
    .addHelpText(
      'after',
      '\n  $ cofferdam sonobuoy --image REGISTRY/cofferdam:0.1.0 -- --runtime-class kata-qemu > cofferdam.yaml\n  $ sonobuoy run --plugin cofferdam.yaml --wait\n\nARGUMENTS are those of cofferdam run, but for --out and --report.',
    )
    .action((runArguments: string[], { image }: { image: string }) => {
      const own = runArguments.find((argument) => /^--(out|report)(=|$)/.test(argument));
      if (own !== undefined) throw new UsageError(`${own}: where the plugin writes, and what, is Sonobuoy's to know`);
      print(pluginDefinition(image, runArguments));
    });
}

/**
 * A plugin of Sonobuoy (its pkg/plugin/manifest). What it must do is in pkg/worker: leave its results in
 * `$SONOBUOY_RESULTS_DIR`, then write the path of the one file to send into `done` there. A tarball is unpacked; in it
 * Sonobuoy finds `sonobuoy_results.yaml` by its name, and keeps the rest of the evidence beside it.
 */
export function pluginDefinition(image: string, runArguments: readonly string[]): string {
  const command = [
    'cofferdam run --out "$results/cofferdam" --report junit --report sonobuoy',
    ...runArguments.map(quoted),
  ];
  return `sonobuoy-config:
  driver: Job
  plugin-name: cofferdam
  result-format: manual
  description: Which isolation each container runtime of the cluster really gives
spec:
  name: plugin
  image: ${JSON.stringify(image)}
  command: [sh, -c]
  args:
    - |
${script(command.join(' '))
  .split('\n')
  .map((line) => (line === '' ? '' : `      ${line}`))
  .join('\n')}
  env: []
  resources: {}
  volumeMounts:
    - name: results
      mountPath: /tmp/sonobuoy/results
`;
}

/**
 * Nothing ends it before `done` is there: without that file Sonobuoy waits until its time is up. Its own exit code is 0,
 * because Sonobuoy takes a container that ends with another for one that brought no results; the run's is in the tarball.
 */
const script = (run: string): string => `results="\${SONOBUOY_RESULTS_DIR:-/tmp/sonobuoy/results}"
mkdir -p "$results/cofferdam"
${run}
echo $? > "$results/exit-code"
tar -C "$results" -czf "$results/cofferdam.tar.gz" cofferdam exit-code
# Renamed when it is whole: Sonobuoy reads it as soon as it is there.
printf %s "$results/cofferdam.tar.gz" > "$results/done.part"
mv "$results/done.part" "$results/done"`;

/** An argument as sh takes it. */
const quoted = (argument: string): string => `'${argument.replaceAll("'", `'\\''`)}'`;
