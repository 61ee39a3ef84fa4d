import { execa } from 'execa';
import { version } from '../version.ts';

/**
 * What chooses a sample: the commit, so that each change is tested with another one, and the same change with the same. The
 * version, where the sources are not in a repository.
 */
export async function seedOfThisCommit(): Promise<string> {
  const commit = await execa('git', ['rev-parse', 'HEAD'], { cwd: import.meta.dirname, reject: false });
  return commit.exitCode === 0 ? commit.stdout : version;
}
