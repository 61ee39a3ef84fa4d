import type { JudgedCheck, Run } from '../harness/evidence.ts';
import { acceptance, acceptanceFacts } from './deviations.ts';
import { groups } from './groups.ts';
import { caseName } from './identity.ts';
import { markup, props } from './oscal-text.ts';
import { safeLine } from './text.ts';

interface Uuids {
  risk: (judged: JudgedCheck) => string;
  observation: (judged: JudgedCheck) => string;
}

/** What one acceptance covers, whatever the node: the path of a risk's UUID. */
export const acceptedAs = ({ check, handler, verdict, deviation }: JudgedCheck): string =>
  JSON.stringify([check, handler, verdict, deviation]);

/** A risk for all verdicts that somebody accepts for one reason. OSCAL's word for that is an approved deviation. */
export function risks(run: Run, uuids: Uuids) {
  const accepted = run.verdicts.filter((one) => one.deviation !== undefined);
  return groups(accepted, acceptedAs).map((same) => {
    const [first] = same;
    return {
      uuid: uuids.risk(first),
      title: markup(safeLine(`${caseName(first.check)} under ${first.handler}: ${first.verdict}`)),
      description: markup(first.reason) || first.verdict,
      statement: markup(acceptance(first) ?? ''),
      props: props(acceptanceFacts(first)),
      status: 'deviation-approved',
      // Its last day counts whole.
      ...(first.deviation && { deadline: `${first.deviation.expires}T23:59:59Z` }),
      'related-observations': same.map((one) => ({ 'observation-uuid': uuids.observation(one) })),
    };
  });
}
