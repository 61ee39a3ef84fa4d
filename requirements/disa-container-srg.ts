import { direct, partial, untested } from './framework.ts';
import type { Framework } from './framework.ts';

export const disaContainerSrg: Framework = {
  key: 'disa-container-srg',
  version: 'v2r4',
  name: 'DISA Container Platform Security Requirements Guide',
  source: 'https://public.cyber.mil/stigs/downloads/',
  requirements: {
    'SRG-APP-000211-CTR-000530': partial('What users reach is separate from what manages the platform (V-233114).'),
    'SRG-APP-000225-CTR-000570': partial('A runtime that cannot start as it should fails safely (V-233122).'),
    'SRG-APP-000233-CTR-000585': partial('The runtime isolates security functions from the rest (V-233125).'),
    'SRG-APP-000243-CTR-000595': direct('Containers do not get at privileged resources (V-233127).'),
    'SRG-APP-000243-CTR-000600': partial('Nothing is carried over by resources that are shared (V-233128).'),
    'SRG-APP-000246-CTR-000605': untested(
      partial('The platform limits attacks on the availability of others (V-233129).'),
      'Nothing is exhausted',
    ),
    'SRG-APP-000340-CTR-000770': partial('Who has no privilege cannot undo or go around safeguards (V-233162).'),
    'SRG-APP-000342-CTR-000775': partial('Containers run with the least privilege (V-233163).'),
    'SRG-APP-000431-CTR-001065': direct('The runtime keeps each container in a domain of its own (V-233221).'),
  },
};
