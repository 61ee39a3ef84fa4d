import { isDeepStrictEqual } from 'node:util';
import type { Run } from '../harness/evidence.ts';
import { parseFrames } from '../harness/collect/frame.ts';
import type { RawLogs } from './journal-check.ts';

/** Where observations are not what the container printed. What was not believed then (another image) is not looked for. */
export function observationDifferences(raw: RawLogs, run: Run): string[] {
  return run.containers.flatMap((container) => {
    const name = `${container.pod}.${container.container}`;
    const believed = container.complete || container.observations.length > 0;
    const log = raw.get(name);
    if (!believed) return [];
    if (log === undefined)
      return [`raw/${name}.log is missing, so its ${container.observations.length} observations have no source`];
    const framed = parseFrames(log.toString('utf8'), String(container.facts['nonce']));
    // Through JSON, as the run went: what JSON cannot hold was never an observation.
    const printed: unknown = JSON.parse(JSON.stringify(framed.observations));
    if (!isDeepStrictEqual(printed, container.observations)) {
      return [`the observations of ${container.pod}/${container.container} are not those in raw/${name}.log`];
    }
    if (framed.complete !== container.complete) {
      return [
        `${container.pod}/${container.container} is ${container.complete ? '' : 'not '}complete in run.json, by raw/${name}.log it is${framed.complete ? '' : ' not'}`,
      ];
    }
    return [];
  });
}
