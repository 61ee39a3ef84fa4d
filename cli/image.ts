import type { Command } from 'commander';
import { copyFile } from 'node:fs/promises';
import { buildImage, imageName, ownArchitecture } from '../harness/image/image.ts';
import type { Architecture } from '../harness/image/image.ts';
import { Option } from 'commander';
import { UsageError } from '../harness/usage.ts';
import { print } from './output.ts';

export function addImage(program: Command): void {
  program
    .command('image')
    .description('build the probe’s image: an OCI layout in a tar, the same to the byte every time')
    .requiredOption('--output <file>', 'where to write it')
    .addOption(
      new Option('--arch <name>', 'for nodes of this architecture')
        .choices(['amd64', 'arm64'])
        .default(ownArchitecture()),
    )
    .addHelpText(
      'after',
      `
Give it to the nodes in one of two ways:
  $ ctr -n k8s.io images import FILE                          on each node; found as ${imageName}
  $ skopeo copy --preserve-digests oci-archive:FILE docker://REGISTRY/probe:TAG
                                                              then: cofferdam run --image REGISTRY/probe:TAG
A run believes only this very image, by its digest; on nodes of another architecture, the one that --arch builds for it.`,
    )
    .action(async ({ output, arch }: { output: string; arch: Architecture }) => {
      const image = await buildImage(arch);
      await copyFile(image.file, output).catch((error: unknown) => {
        throw new UsageError(`writing --output ${output}: ${(error as Error).message}`);
      });
      print(
        `${output}\n  name      ${imageName}\n  manifest  ${image.manifestDigest}\n  config    ${image.configDigest}\n  go        the bytes depend on the Go version alone`,
      );
    });
}
