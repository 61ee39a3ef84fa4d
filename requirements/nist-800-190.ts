import { partial, untested } from './framework.ts';
import type { Framework } from './framework.ts';

const images = 'It is about what is in an image before it runs';
const registries = 'It is about registries';

/** Countermeasures. Risks have the same numbers below 3: risk 3.4.3 is answered by 4.4.3. */
export const nist800190: Framework = {
  key: 'nist-800-190',
  version: '2017',
  name: 'NIST SP 800-190, Application Container Security Guide',
  source: 'https://csrc.nist.gov/pubs/sp/800/190/final',
  requirements: {
    '4.1.1': untested(partial('Images are scanned for known vulnerabilities.'), images),
    '4.1.2': untested(partial('Images are configured by good practice, and checked for it.'), images),
    '4.1.3': untested(partial('Images are watched for malware.'), images),
    '4.1.4': untested(partial('Secrets are kept outside images.'), images),
    '4.1.5': untested(partial('Only trusted images run.'), images),
    '4.2.1': untested(partial('Connections to registries are encrypted.'), registries),
    '4.2.2': untested(partial('Registries have no stale images.'), registries),
    '4.2.3': untested(partial('Access to registries is authenticated and limited.'), registries),
    '4.3.1': untested(
      partial('Administrators of the orchestrator have no more rights than they need.'),
      'No role is examined',
    ),
    '4.3.2': untested(partial('Access to the orchestrator is tightly controlled.'), 'No account is examined'),
    '4.3.3': partial('Traffic between containers is separated by sensitivity, and the separation is enforced.'),
    '4.3.4': untested(
      partial('Workloads of different sensitivity do not share a host kernel.'),
      'Where a scheduler puts workloads is not examined; kernel-isolation shows what sharing a host would mean',
    ),
    '4.3.5': untested(partial('Nodes join and leave the cluster in a way that can be trusted.'), 'No node is enrolled'),
    '4.4.1': partial('The runtime has no known vulnerability.'),
    '4.4.2': partial('What containers reach on the network is controlled.'),
    '4.4.3': partial('Runtimes start containers in a configuration that keeps them away from the host.'),
    '4.4.4': untested(partial('Attacks on applications in containers are noticed.'), 'No application is examined'),
    '4.4.5': untested(partial('Containers that nobody planned do not run.'), 'No admission of images is tried'),
    '4.5.1': partial('Hosts offer a small attack surface.'),
    '4.5.2': partial('Containers are grouped so that sharing a kernel does not put one at the mercy of another.'),
    '4.5.3': untested(
      partial('Components of the host system are kept up to date.'),
      'No package of a node is examined',
    ),
    '4.5.4': untested(partial("Users' access to hosts is audited and limited."), 'No account of a node is examined'),
    '4.5.5': partial("Containers cannot change files of the host's system."),
  },
};
