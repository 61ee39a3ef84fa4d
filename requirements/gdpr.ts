import { partial, practice, untested } from './framework.ts';
import type { Framework } from './framework.ts';

export const gdpr: Framework = {
  key: 'gdpr',
  version: '2016-679',
  name: 'Regulation (EU) 2016/679 (GDPR), Article 32',
  source: 'https://eur-lex.europa.eu/eli/reg/2016/679/oj',
  requirements: {
    '32(1)(a)': untested(partial('Personal data are pseudonymised and encrypted.'), 'No data is examined'),
    '32(1)(b)': partial('Systems stay confidential, intact, available and resilient.'),
    '32(1)(c)': untested(partial('Data can be restored in time after an incident.'), 'Nothing is restored'),
    '32(1)(d)': practice('It is tested regularly whether the measures work.'),
  },
};
