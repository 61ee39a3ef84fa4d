import { attemptId, identity } from '../attempt.ts';
import type { Attempt, Observation } from '../attempt.ts';
import type { KernelProof, Oracle, OracleInput, Outcome, WitnessView } from '../outcome.ts';

/** What a test tells an oracle; all that it leaves out is as in a run in which nothing went wrong and nothing was seen. */
export interface Given {
  attempt?: Attempt;
  kernel?: KernelProof['answer'];
  /** What the witness saw of an attempt on the node: of the oracle's own, unless `truthOf` names another. */
  truth?: Partial<Observation>;
  truthOf?: Attempt;
  /** The same at its end, if it is not what it was. */
  truthAtTheEnd?: Partial<Observation> | null;
  /** Null: no witness ran. */
  witness?: Partial<WitnessView> | null;
  seenFromNode?: OracleInput['seenFromNode'];
  strayCgroup?: string;
  rankOnNode?: OracleInput['rankOnNode'];
  oomScoreAdjOfStarter?: number;
  /** Null: the pod under the reference handler did not report the attempt. */
  reference?: Partial<Observation> | null;
  /** The subject is that pod itself. */
  itself?: boolean;
  facts?: OracleInput['facts'];
}

/** What an oracle makes of an observation. */
export function decided(oracle: Oracle, seen: Partial<Observation>, given: Given = {}): Outcome {
  const {
    attempt = identity(),
    kernel = 'another',
    truth,
    truthOf = attempt,
    truthAtTheEnd = truth,
    witness,
    seenFromNode,
    strayCgroup,
    rankOnNode,
    oomScoreAdjOfStarter,
    reference,
    itself = false,
    facts = {},
  } = given;
  const observed = (partial: Partial<Observation>, of: Attempt): Observation => ({
    id: attemptId(of),
    kind: of.kind,
    ...partial,
  });
  const told = (partial: Partial<Observation> | null | undefined) => (asked: Attempt) =>
    partial && attemptId(asked) === attemptId(truthOf) ? observed(partial, truthOf) : undefined;
  return oracle.decide({
    attempt,
    observation: observed(seen, attempt),
    witness:
      witness === null
        ? undefined
        : {
            complete: true,
            truth: told(truth),
            truthAtTheEnd: told(truthAtTheEnd),
            canary: () => undefined,
            counterChanges: [],
            listening: [],
            engine: '',
            kubelet: '',
            namespaces: {},
            ...witness,
          },
    kernel: { answer: kernel, why: 'as the test says' },
    profile: 'restricted',
    facts,
    seenFromNode,
    strayCgroup,
    rankOnNode,
    oomScoreAdjOfStarter,
    reference:
      reference === undefined
        ? undefined
        : { observation: reference ? observed(reference, attempt) : undefined, itself },
  });
}

/** Outcomes in one word, for tables: `denied EPERM`. */
export const inWords = (outcome: Outcome): string =>
  outcome.kind === 'denied' ? `denied ${outcome.errno}${outcome.selfEvident ? ', self-evident' : ''}` : outcome.kind;
