import type { JudgedCheck, Run } from '../harness/evidence.ts';
import type { Verdict } from '../harness/judge/judge.ts';
import { acceptance } from './deviations.ts';
import type { Details } from './details.ts';
import { groups } from './groups.ts';
import { wrap } from './layout.ts';
import type { Paint } from './layout.ts';
import { listed, styles } from './matrix.ts';
import { safeLine } from './text.ts';

const sections: readonly [Verdict, string][] = [
  ['breached', 'Breached'],
  ['inconclusive', 'Inconclusive'],
  ['exposed', 'Exposed'],
  ['not-applicable', 'Not applicable'],
];

/** On a terminal a reason is a sentence; the whole of a longer one is in run.json. */
const reasonLimit = 400;

interface Finding {
  checks: string[];
  where: string;
  reason: string;
}

/** Every verdict that is not held, worst first, with its reason. What has the same reason is told once. */
export function findings(run: Run, details: Details, width: number, paint: Paint): string[] {
  return sections.flatMap(([verdict, title]) => {
    const verdicts = run.verdicts.filter((one) => one.verdict === verdict);
    if (verdicts.length === 0) return [];
    const found = merge(verdicts, run);
    // What is everywhere the same is said once, in the title.
    const common = found.every((one) => one.where === found[0]?.where) ? found[0]?.where : undefined;
    const heading = `${title} (${verdicts.length})${common === undefined ? '' : `, ${common}`}`;
    const [first = '', ...rest] = wrap(heading, width, 0, 2);
    const lines = found.flatMap((finding) => {
      const names = finding.checks.map((check) => safeLine(check, 120)).join(', ');
      const place = common === undefined ? ` (${finding.where})` : '';
      const told = wrap(`${names}${place}: ${safeLine(finding.reason, reasonLimit)}`, width, 2, 6);
      return verdict === 'breached' ? [...told, ...claims(finding.checks, details, width, paint)] : told;
    });
    return [paint(styles[verdict], first), ...rest, ...lines, ''];
  });
}

/** What turned out not to be true, and why that matters. */
const claims = (checks: readonly string[], details: Details, width: number, paint: Paint): string[] =>
  checks.flatMap((check) => {
    const known = details.get(check);
    if (!known) return [];
    return wrap(`Claim: ${safeLine(known.claim)} Why it matters: ${safeLine(known.because)}`, width, 6).map((line) =>
      paint('dim', line),
    );
  });

function merge(verdicts: readonly JudgedCheck[], run: Run): Finding[] {
  const reasonOf = (one: JudgedCheck) => [acceptance(one), one.reason].filter((part) => part !== undefined).join('; ');
  const ofCheck = groups(verdicts, (one) => JSON.stringify([one.check, reasonOf(one)]));
  const findings = ofCheck.map((same): Finding => ({
    checks: [same[0].check],
    where: places(same, run),
    reason: reasonOf(same[0]),
  }));
  const alike = groups(findings, ({ where, reason }) => JSON.stringify([where, reason]));
  return alike.map((same) => ({ ...same[0], checks: same.flatMap((one) => one.checks) }));
}

/** Where it was seen: `kata-qemu on node-a, node-b`, `kata-qemu to runc`. Nodes are left out where there is one. */
function places(verdicts: readonly JudgedCheck[], run: Run): string {
  const nodes = new Set(run.verdicts.flatMap((one) => [one.node, ...(one.to ? [one.to.node] : [])]));
  const at = (handler: string, node: string) =>
    nodes.size > 1 ? `${safeLine(handler, 60)}@${safeLine(node, 60)}` : safeLine(handler, 60);
  const cells = Map.groupBy(
    verdicts.filter((one) => !one.to),
    (one) => one.handler,
  );
  const ofCells = [...cells].map(([handler, all]) => {
    if (nodes.size === 1) return safeLine(handler, 60);
    const every =
      nodes.size > 2 &&
      all.length === new Set(run.verdicts.filter((one) => one.handler === handler).map((one) => one.node)).size;
    return `${safeLine(handler, 60)} on ${every ? `all of its ${all.length} nodes` : listed(all.map((one) => safeLine(one.node, 60)))}`;
  });
  const paths = verdicts.flatMap((one) =>
    one.to ? [`${at(one.handler, one.node)} to ${at(one.to.handler, one.to.node)}`] : [],
  );
  return [...ofCells, ...(paths.length ? [listed(paths)] : [])].join('; ');
}
