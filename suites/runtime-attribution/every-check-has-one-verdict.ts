import { defineAttributionCheck, stopped } from '../../harness/check.ts';

export default defineAttributionCheck({
  id: 'runtime-attribution/every-check-has-one-verdict',
  claim: 'Every planned check has exactly one verdict in this cell, and none was left out.',
  because: 'A check that is quietly missing reads like one that is held.',
  references: ['https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final'],
  requirements: ['nist-800-53@5.1.1#CA-8', 'nist-800-53@5.1.1#SI-6', 'iso-27001@2022#A.5.28'],
  touch: 'read',
  // No breach is planted for it: only a fault in Cofferdam breaks it, and the control takes an entry out in each run.
  about: 'completeness',
  expect: {
    'shared-kernel': stopped('absent'),
    'application-kernel': stopped('absent'),
    'guest-kernel': stopped('absent'),
  },
});
