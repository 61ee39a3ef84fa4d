/** What Kubernetes answered, taken apart: the client library throws the body as text. */
export interface ApiFailure {
  /** The HTTP status, or 0 when there was no answer. */
  status: number;
  /** Kubernetes' own reason, such as `AlreadyExists`. */
  reason: string;
  message: string;
}

/** Reads a failure out of whatever the client library, or the network below it, threw. */
export function apiFailure(error: unknown): ApiFailure {
  const { code, body, message, cause } = error as {
    code?: unknown;
    body?: unknown;
    message?: string;
    cause?: { message?: string; code?: string };
  };
  if (typeof code === 'number') {
    const parsed = typeof body === 'string' ? parse(body) : (body as Record<string, unknown> | undefined);
    return {
      status: code,
      reason: textOf(parsed?.['reason']) ?? `HTTP ${code}`,
      // The library's own message is a dump of the answer with all its headers.
      message: textOf(parsed?.['message']) ?? `HTTP ${code}${meanings[code] ?? ''}${quoted(body)}`,
    };
  }
  return {
    status: 0,
    reason: 'NoAnswer',
    message: [message, cause?.message ?? cause?.code].filter(Boolean).join(': ') || String(error),
  };
}

/** What the server means where it does not say so itself, as proxies and load balancers do not. */
const meanings: Partial<Record<number, string>> = {
  401: ': it does not accept the credentials of the kubeconfig',
  403: ': it forbids that to the user of the kubeconfig',
};

/** As much of an answer in another language as a sentence can hold. */
const longestQuote = 80;
const quoted = (body: unknown): string => {
  if (typeof body !== 'string' || body.trim() === '') return '';
  const text = body.replace(/\s+/g, ' ').trim();
  return ` (it said “${text.slice(0, longestQuote)}${text.length > longestQuote ? '…' : ''}”)`;
};

/** What somebody who meets this failure does next. */
export function nextStep({ status }: ApiFailure): string {
  if (status === 401) return 'Get new credentials into the kubeconfig, or name another with --kubeconfig or --context.';
  if (status === 403)
    return 'cofferdam doctor shows which rights a run needs, and cofferdam rbac | kubectl apply -f - gives them.';
  // What is no API server answers 404 as well.
  if (status >= 400 && status < 500 && status !== 404)
    return 'The API server understood the request and refused it; its own words above say why.';
  return 'Is the cluster up, and is that its API server? --kubeconfig and --context name others.';
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function parse(body: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** A failure to do something to something, in one sentence. */
export class TargetError extends Error {
  readonly failure: ApiFailure;
  constructor(doing: string, failure: ApiFailure) {
    super(`${doing}: ${failure.message}`);
    this.name = 'TargetError';
    this.failure = failure;
  }
}
