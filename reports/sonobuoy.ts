import type { JudgedCheck, Run } from '../harness/evidence.ts';
import type { Verdict } from '../harness/judge/judge.ts';
import { conclude, countVerdicts, shortcomings } from './conclusion.ts';
import { acceptance, acceptanceFacts, givenFacts } from './deviations.ts';
import { assertFaithful, toJson } from './faithful.ts';
import { groups } from './groups.ts';
import { caseName, classname } from './identity.ts';
import { partLimit, safeLine, safeText } from './text.ts';

/** The name under which Sonobuoy looks for what a plugin of format `manual` found. */
export const sonobuoyFile = 'sonobuoy_results.yaml';

/**
 * Sonobuoy's own tree of results. It is JSON, which is YAML too, so that no text can end a scalar. `manual` and not `junit`:
 * of JUnit Sonobuoy ignores `classname`, so that the paths of one check would have one name.
 */
export const sonobuoy = (run: Run): string => toJson(root(run));

/** Throws when the file says anything else than the run. */
export const checkSonobuoy = (written: string, run: Run): void => assertFaithful(sonobuoyFile, written, sonobuoy(run));

/** `pkg/client/results/item.go` of Sonobuoy. Whatever is `unknown` makes the plugin neither passed nor failed. */
interface Item {
  name: string;
  status: 'passed' | 'failed' | 'skipped' | 'unknown';
  meta?: Record<string, string>;
  details?: Record<string, string>;
  items?: Item[];
}

const statuses: Record<Verdict, Item['status']> = {
  held: 'passed',
  breached: 'failed',
  inconclusive: 'unknown',
  exposed: 'skipped',
  'not-applicable': 'skipped',
};

/** What somebody accepts is no failure, because somebody answers for it, and never a pass. */
const statusOf = ({ verdict, deviation }: JudgedCheck): Item['status'] => (deviation ? 'skipped' : statuses[verdict]);

function root(run: Run): Item {
  const { verdict, exitCode, sentence } = conclude(run);
  const counts = countVerdicts(run);
  const short = shortcomings(run).map(({ name, reason }): Item => ({
    name,
    status: 'unknown',
    details: { failure: safeLine(reason) },
  }));
  const cells = groups(run.verdicts, classname).map((verdicts): Item => ({
    name: classname(verdicts[0]),
    status: worst(verdicts),
    items: verdicts.map(leaf),
  }));
  return {
    name: 'cofferdam',
    // A run of nothing but exposed boundaries is conformant, and no pass.
    status: verdict === 'held' && counts.held === 0 ? 'skipped' : statuses[verdict],
    meta: {
      type: 'summary',
      'run.id': safeLine(run.run.id),
      'run.started': run.run.started,
      'run.exitCode': String(exitCode),
      'run.conclusion': safeLine(sentence),
      'cofferdam.version': safeLine(run.suite.version),
      'cofferdam.meaning': String(run.meaning),
      'catalogue.sha256': safeLine(run.catalogue.sha256),
      ...Object.fromEntries(givenFacts(run)),
      ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [`verdicts.${name}`, String(count)])),
    },
    items: [...short, ...cells],
  };
}

function leaf(judged: JudgedCheck): Item {
  const { check, verdict, reason, expected, observed, control } = judged;
  const accepted = acceptance(judged);
  const status = statusOf(judged);
  const told = safeText(`${accepted === undefined ? verdict : `${verdict}, ${accepted}`}: ${reason}`, partLimit);
  return {
    name: caseName(check),
    status,
    meta: {
      verdict,
      isolationClass: judged.isolationClass ?? 'unknown',
      ...Object.fromEntries(acceptanceFacts(judged)),
    },
    details: {
      // The two keys that `sonobuoy results --mode detailed` shows.
      ...(status === 'failed' || status === 'unknown' ? { failure: told } : { output: told }),
      expected: safeText(expected, partLimit),
      observed: safeText(observed, partLimit),
      control: safeText(control, partLimit),
    },
  };
}

/** Sonobuoy adds up nothing of a plugin of format `manual`. Only skipped is not passed. */
function worst(verdicts: readonly JudgedCheck[]): Item['status'] {
  const all = new Set(verdicts.map(statusOf));
  for (const status of ['failed', 'unknown', 'passed'] as const) if (all.has(status)) return status;
  return 'skipped';
}
