import type { JudgedCheck, Run } from '../harness/evidence.ts';
import { requirements, supportMeans } from '../requirements/index.ts';
import type { KnownRequirement } from '../requirements/index.ts';
import { shortcomings } from './conclusion.ts';
import { groups } from './groups.ts';
import type { Details } from './details.ts';
import { markup, props } from './oscal-text.ts';
import { safeLine } from './text.ts';

/** The one framework that has a catalogue in OSCAL. References to others stand in the observations. */
const framework = 'nist-800-53';

interface Uuids {
  finding: (control: string, handler: string) => string;
  risk: (judged: JudgedCheck) => string;
  observation: (judged: JudgedCheck) => string;
}

interface Supported {
  requirement: KnownRequirement;
  judged: JudgedCheck;
}

/**
 * A finding for each control and handler, over all nodes: what holds under one handler says nothing of another. A control
 * that asks for tests to be made (`practice`) gets none: that a run breached says nothing against testing.
 */
export function findings(run: Run, details: Details, uuids: Uuids) {
  const supported = run.verdicts.flatMap((judged): Supported[] =>
    (details.get(judged.check)?.requirements ?? []).flatMap((reference) => {
      const requirement = requirements.get(reference);
      return requirement?.framework.key === framework && requirement.support !== 'practice'
        ? [{ requirement, judged }]
        : [];
    }),
  );
  const whole = shortcomings(run).length === 0;
  return groups(supported, ({ requirement, judged }) => JSON.stringify([requirement.id, judged.handler])).flatMap(
    (same) => {
      const verdicts = same.map(({ judged }) => judged);
      // Nothing was there to try, so there is nothing to find.
      if (verdicts.every((one) => one.verdict === 'not-applicable')) return [];
      const { requirement, judged } = same[0];
      const control = controlId(requirement.id);
      const status = statusOf(verdicts, whole);
      const risks = new Set(verdicts.filter((one) => one.deviation).map(uuids.risk));
      return [
        {
          control,
          finding: {
            uuid: uuids.finding(control, judged.handler),
            title: markup(safeLine(`${requirement.id} under ${judged.handler}`)),
            description: requirement.asks,
            props: props([
              ['handler', judged.handler],
              ['support', requirement.support],
              ['requirement', requirement.reference],
            ]),
            target: {
              type: 'statement-id',
              'target-id': `${control}_smt`,
              status: { state: status.state, reason: status.reason, remarks: status.why },
            },
            'related-observations': verdicts.map((one) => ({ 'observation-uuid': uuids.observation(one) })),
            ...(risks.size > 0 && { 'related-risks': [...risks].map((risk) => ({ 'risk-uuid': risk })) }),
            remarks: `Support: ${requirement.support} (${supportMeans[requirement.support]}). It says what the checks saw; it does not say that the control is implemented.`,
          },
        },
      ];
    },
  );
}

/** `SC-7(21)` is `sc-7.21` in NIST's catalogue. */
const controlId = (id: string): string => id.toLowerCase().replaceAll('(', '.').replaceAll(')', '');

/** Satisfied only when something held, nothing else happened, and the run is whole. */
function statusOf(verdicts: readonly JudgedCheck[], whole: boolean) {
  const all = new Set(verdicts.map((one) => one.verdict));
  const not = (reason: 'fail' | 'other', why: string) => ({ state: 'not-satisfied', reason, why }) as const;
  if (all.has('breached')) return not('fail', 'An attempt got through.');
  if (all.has('inconclusive')) return not('other', 'Not every check could be decided.');
  if (all.has('exposed'))
    return not('other', 'The isolation class of the handler does not claim every boundary that was tried.');
  if (!whole) return not('other', 'The run is incomplete.');
  return { state: 'satisfied', reason: 'pass', why: 'Every check that applies held.' } as const;
}
