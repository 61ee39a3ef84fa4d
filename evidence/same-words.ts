import { catalogueDigest, loadCatalogue } from '../harness/catalogue.ts';
import type { Run } from '../harness/evidence.ts';
import { version } from '../harness/version.ts';

/** Whether this version of Cofferdam, with its catalogue, made the run. Another may say the same in other words. */
export async function sameWords(run: Run): Promise<boolean> {
  const ids = new Set(run.roster.map((one) => one.check));
  const checks = [...(await loadCatalogue()).values()].filter((check) => ids.has(check.id));
  return run.suite.version === version && run.catalogue.sha256 === catalogueDigest(checks);
}
