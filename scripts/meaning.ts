/**
 * npm run meaning: records what decides verdicts (see harness/judge/meaning.test.ts). Run it after an edit of which it is
 * certain whether it can turn one verdict into another, and after raising `meaningVersion` when it can.
 */
import { writeFileSync } from 'node:fs';
import { meaningFile, meaningRecord } from './meaning-record.ts';

writeFileSync(meaningFile, `${JSON.stringify(meaningRecord(), undefined, 2)}\n`);
console.log(`wrote ${meaningFile}`);
