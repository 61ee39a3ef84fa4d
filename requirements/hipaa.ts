import { partial, practice, untested } from './framework.ts';
import type { Framework } from './framework.ts';

/** The Security Rule, as the Omnibus Rule of 2013 left it. */
export const hipaa: Framework = {
  key: 'hipaa',
  version: '2013',
  name: 'HIPAA Security Rule, 45 CFR part 164, subpart C',
  source: 'https://www.ecfr.gov/current/title-45/subtitle-A/subchapter-C/part-164/subpart-C',
  requirements: {
    '164.308(a)(1)(ii)(A)': untested(
      practice('Risks to health information are analysed.'),
      'A run can be an input to an analysis; it is none',
    ),
    '164.308(a)(8)': practice('Safeguards are evaluated from time to time, and when something changes.'),
    '164.312(a)(1)': partial('Only those get at health information who were given access.'),
    '164.312(b)': untested(partial('Activity in systems is recorded and examined.'), 'No audit log is examined'),
    '164.312(c)(1)': untested(partial('Health information is not altered or destroyed wrongly.'), 'Nothing is written'),
    '164.312(e)(1)': partial('Health information is guarded while it is sent over a network.'),
  },
};
