import { technique, untested } from './framework.ts';
import type { Framework } from './framework.ts';

const cluster = 'It begins with rights in the cluster, and no right is examined';

/** Techniques only: names and ids of tactics change between versions. */
export const mitreAttack: Framework = {
  key: 'mitre-attack',
  version: '18.1',
  name: 'MITRE ATT&CK, Enterprise',
  source: 'https://attack.mitre.org/matrices/enterprise/containers/',
  requirements: {
    T1046: technique('Looking for services on the network.'),
    T1068: untested(technique('Exploiting a fault in software to gain privilege.'), 'No exploit is tried'),
    T1496: untested(technique("Using others' resources."), 'Nothing is exhausted'),
    T1499: untested(technique('Exhausting a service or its host.'), 'Nothing is exhausted'),
    T1528: untested(technique('Stealing the tokens of applications.'), 'No service account is examined'),
    'T1552.005': untested(
      technique("Reading credentials from a cloud's metadata service."),
      'No address outside the cluster is tried',
    ),
    T1609: untested(technique('Running commands by means of the orchestrator.'), cluster),
    T1610: untested(technique('Deploying a container to get further.'), cluster),
    T1611: technique('Escaping from a container to its host.'),
    T1613: technique('Finding out which containers and resources there are.'),
  },
};
