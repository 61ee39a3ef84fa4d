import { cisDocker } from './cis-docker.ts';
import { cisKubernetes } from './cis-kubernetes.ts';
import { disaContainerSrg } from './disa-container-srg.ts';
import type { Framework, Requirement } from './framework.ts';
import { gdpr } from './gdpr.ts';
import { hipaa } from './hipaa.ts';
import { iso27001 } from './iso-27001.ts';
import { mitreAttack } from './mitre-attack.ts';
import { nist80053 } from './nist-800-53.ts';
import { nist800190 } from './nist-800-190.ts';
import { pciContainers } from './pci-containers.ts';
import { pciDss } from './pci-dss.ts';

export { supportMeans } from './framework.ts';
export type { Framework, Requirement, Support } from './framework.ts';

/** All frameworks that a check may refer to: those nearest to what is tested first. */
export const frameworks: readonly Framework[] = [
  nist800190,
  nist80053,
  disaContainerSrg,
  cisKubernetes,
  cisDocker,
  pciDss,
  pciContainers,
  iso27001,
  hipaa,
  gdpr,
  mitreAttack,
];

/** A requirement with where it is from. */
export interface KnownRequirement extends Requirement {
  /** `framework@version#id`, as checks write it. */
  reference: string;
  id: string;
  framework: Framework;
}

/** Every requirement of every framework, by its reference. */
export const requirements: ReadonlyMap<string, KnownRequirement> = new Map(
  frameworks.flatMap((framework) =>
    Object.entries(framework.requirements).map(([id, requirement]): [string, KnownRequirement] => {
      const reference = `${framework.key}@${framework.version}#${id}`;
      return [reference, { ...requirement, reference, id, framework }];
    }),
  ),
);

/** The references of checks, turned round: which checks name a requirement. Those that none names are there, with none. */
export function checksByRequirement(
  checks: Iterable<{ id: string; requirements: readonly string[] }>,
): Map<string, string[]> {
  const found = new Map<string, string[]>([...requirements.keys()].map((reference) => [reference, []]));
  for (const check of checks) {
    for (const reference of check.requirements) {
      const known = found.get(reference);
      if (known) known.push(check.id);
      else found.set(reference, [check.id]);
    }
  }
  return found;
}
