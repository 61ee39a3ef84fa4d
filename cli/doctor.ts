import type { Command } from 'commander';
import { discover } from '../harness/discover/discover.ts';
import { buildImage, imageName } from '../harness/image/image.ts';
import { needs } from '../harness/plan/rights.ts';
import { TargetError, nextStep } from '../harness/targets/errors.ts';
import { KubernetesTarget } from '../harness/targets/kubernetes.ts';
import { withImage, withReach, withSelection } from './options.ts';
import type { RunFlags } from './options.ts';
import { print } from './output.ts';

/** A finding: `bad` stops a run, `poor` makes parts of it inconclusive, or leaves something out. */
type Finding = [state: 'good' | 'poor' | 'bad', text: string, kind?: 'right'];
const marks = { good: '✓', poor: '!', bad: '✗' } as const;
/** Seconds. Nothing is decided by comparing clocks, but a reader of the evidence does. */
const noticeableOffset = 5;

export function addDoctor(program: Command): void {
  withImage(withSelection(withReach(program.command('doctor'))))
    .description('find out whether a run could work here, and what it would lack; creates nothing')
    .action(async (flags: RunFlags) => {
      const findings = await examine(flags);
      for (const [state, text] of findings) print(`${marks[state]} ${text}`);
      const bad = findings.filter(([state]) => state === 'bad').length;
      const poor = findings.filter(([state]) => state === 'poor').length;
      print('');
      if (bad) {
        const lacksRights = findings.some(([state, , kind]) => state === 'bad' && kind === 'right');
        print(
          `A run would not work: ${bad} of ${findings.length} findings stop it.${lacksRights ? ' The rights it needs: cofferdam rbac | kubectl apply -f -' : ''}`,
        );
      } else
        print(
          poor
            ? `A run would work. Look at what is marked “!” (${poor}): it may leave verdicts inconclusive, or nodes and handlers untested.`
            : 'A run would work.',
        );
      process.exitCode = bad ? 3 : 0;
    });
}

async function examine(flags: RunFlags): Promise<Finding[]> {
  const findings: Finding[] = [];
  const target = new KubernetesTarget(flags);
  const selection = {
    runtimeClasses: flags.runtimeClass,
    claims: flags.claim,
    reference: flags.reference,
    nodes: flags.nodes,
    userNamespaces: flags.userNamespaces,
  };
  try {
    const { cluster, nodes, cells, notes, images } = await discover(target, selection);
    findings.push([
      'good',
      `Kubernetes ${cluster.version ?? '(unknown version)'} at ${target.server}, ${nodes.map((node) => `${node.name} (${node.kernel}, ${node.containerRuntime})`).join(', ')}`,
    ]);
    const clockOffset = cluster.clockOffset ?? 0;
    if (Math.abs(clockOffset) > noticeableOffset)
      findings.push(['good', `the cluster's clock is ${clockOffset} s off this machine's; no verdict depends on it`]);
    for (const note of notes) findings.push(['poor', note]);
    const image = flags.image ?? imageName;
    for (const [node, names] of images) {
      if (names.includes(image)) findings.push(['good', `${node} has the image ${image}`]);
      else {
        const next = flags.image
          ? 'it has to pull it'
          : 'import it (cofferdam image --help), or name yours with --image';
        findings.push(['poor', `${node} does not say that it has the image ${image}: ${next}`]);
      }
    }
    for (const cell of cells) {
      if (cell.isolationClass)
        findings.push([
          'good',
          `${cell.handler} on ${cell.node}: ${cell.isolationClass}, says ${cell.claimedBy}${cell.tested ? '' : ' (control only)'}`,
        ]);
      else
        findings.push([
          'poor',
          `${cell.handler} on ${cell.node}: its isolation class is unknown; state it with --claim ${cell.handler}=CLASS`,
        ]);
    }
  } catch (error) {
    if (!isForbidden(error)) return [['bad', inWords(error)]];
    // Which rights are missing is found out all the same, and is what its reader has to know.
    findings.push(['bad', (error as Error).message, 'right']);
  }
  for (const { right, why, optional } of needs()) {
    const name = `${right.verb} ${right.resource}${right.subresource ? `/${right.subresource}` : ''}`;
    if (await target.may(right)) continue;
    findings.push([optional ? 'poor' : 'bad', `you may not ${name} (${why})`, 'right']);
  }
  if (!findings.some(([, , kind]) => kind === 'right'))
    findings.push(['good', `you may do all that a run needs (${needs().length} rights)`]);
  try {
    const { manifestDigest } = await buildImage();
    findings.push([
      'good',
      `the probe's image can be built here (${manifestDigest.slice(0, 19)}…); nodes have to find it as ${imageName}, or as --image says`,
    ]);
  } catch (error) {
    findings.push(['bad', (error as Error).message]);
  }
  return findings;
}

const isForbidden = (error: unknown): boolean => error instanceof TargetError && error.failure.status === 403;
const inWords = (error: unknown): string =>
  error instanceof TargetError ? `${error.message}\n  ${nextStep(error.failure)}` : (error as Error).message;
