import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, most first: two at once end sooner when the last to start are short. */
const longest = ['paths.e2e.test.ts', 'prove.e2e.test.ts', 'conformance.e2e.test.ts'];
const rank = ({ moduleId }: TestSpecification) => {
  const place = longest.indexOf(basename(moduleId));
  return place < 0 ? longest.length : place;
};

/** The order of the test files. Vitest's own is by what an earlier run took, which a fresh clone does not know, then by size. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
