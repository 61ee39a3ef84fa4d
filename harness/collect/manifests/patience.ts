/** How long pods may live, in seconds. Stretched with the cluster's slowness. */
export interface Lifetimes {
  /** A pod that makes its attempts and ends. */
  subject: number;
  /** Witness, servers and clients: as long as the run. */
  long: number;
}

/** How patient the probe is, in milliseconds. Stretched like the lifetimes. */
export interface Patience {
  /** With one attempt, before it counts as hanging. */
  attempt: number;
  /** With a connection. */
  connection: number;
  /** With the answer of a server that took the connection. */
  answer: number;
  /** With one try to reach another tenant. */
  tenantTry: number;
  /** With the paths to other tenants, until each was open once. */
  opening: number;
  /** With a witness that has yet to see it. */
  seen: number;
  /** With the kubelet, to execute a process in a container that has started. */
  executed: number;
}

/** An attempt with the deadlines that this cluster needs. */
export function patient(
  { attempt, connection, answer, seen, executed }: Patience,
  args: Record<string, unknown>,
): Record<string, unknown> {
  switch (args['kind']) {
    case 'connect':
      return { ...args, deadlineMs: attempt + connection, timeoutMs: connection };
    case 'packet':
      // The way is looked for as long as an answer is waited for.
      return { ...args, deadlineMs: attempt + 2 * connection, timeoutMs: connection };
    case 'executed':
      return { ...args, deadlineMs: executed };
    case 'bind':
      return { ...args, deadlineMs: attempt + seen, timeoutMs: seen };
    case 'services':
      // A service that is silent is left alone after its first question.
      return { ...args, deadlineMs: attempt + 3 * (connection + answer), timeoutMs: connection, answerMs: answer };
    case 'http':
      return { ...args, deadlineMs: attempt + connection + answer, timeoutMs: connection, answerMs: answer };
    default:
      return { ...args, deadlineMs: attempt };
  }
}
