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
      message: textOf(parsed?.['message']) ?? message ?? `HTTP ${code}`,
    };
  }
  return {
    status: 0,
    reason: 'NoAnswer',
    message: [message, cause?.message ?? cause?.code].filter(Boolean).join(': ') || String(error),
  };
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
