import type { Observation } from '../attempt.ts';
import { logLimit } from '../log-limit.ts';

/** What could be taken from a container's output. */
export interface Framed {
  observations: Observation[];
  /** All lines up to the last one, with its count, were there. */
  complete: boolean;
  /** What is wrong with the output, when it is not complete. */
  cause?: string;
}

/**
 * Reads the probe's framed lines, `cofferdam/1 NONCE SEQ JSON`, out of a container's log. Everything else in the log is
 * ignored. A repeated number with another content, a gap or a missing last line ends what is believed.
 */
export function parseFrames(log: string, nonce: string): Framed {
  const framed = framesOf(log, nonce);
  return framed.complete && Buffer.byteLength(log) >= logLimit
    ? {
        ...framed,
        complete: false,
        cause: `the log has ${logLimit} bytes or more, and what came after them is unknown`,
      }
    : framed;
}

function framesOf(log: string, nonce: string): Framed {
  const lines = new Map<number, string>();
  let doubted: number | undefined;
  for (const line of log.split('\n')) {
    const match = /^cofferdam\/1 ([0-9a-f]+) ([1-9][0-9]{0,8}) (\{.*\})$/.exec(line);
    if (!match || match[1] !== nonce) continue;
    const [seq, json] = [Number(match[2]), match[3] ?? ''];
    if (lines.has(seq) && lines.get(seq) !== json) doubted = Math.min(doubted ?? seq, seq);
    lines.set(seq, json);
  }
  const observations: Observation[] = [];
  for (let seq = 1; seq !== doubted; seq++) {
    const json = lines.get(seq);
    if (json === undefined) break;
    const parsed = parseObject(json);
    if (!parsed) return { observations, complete: false, cause: `line ${seq} of the probe is not JSON` };
    if (parsed['end'] === true) {
      const rest = [...lines.keys()].some((other) => other > seq);
      if (parsed['count'] === seq - 1 && !rest) return { observations, complete: true };
      return {
        observations,
        complete: false,
        cause: `the probe's last line counts ${String(parsed['count'])} lines, ${lines.size - 1} came`,
      };
    }
    if (typeof parsed['id'] !== 'string')
      return { observations, complete: false, cause: `line ${seq} of the probe has no id` };
    observations.push(toObservation(parsed));
  }
  const cause =
    doubted !== undefined
      ? `line ${doubted} of the probe came twice, with different content`
      : lines.size === 0
        ? "the container printed none of the probe's lines"
        : `the probe's line ${observations.length + 1} is missing`;
  return { observations, complete: false, cause };
}

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the known fields, each only when it has its type; two results at once are none. */
function toObservation(raw: Record<string, unknown>): Observation {
  const text = (field: string) => (typeof raw[field] === 'string' ? raw[field] : undefined);
  const value =
    typeof raw['value'] === 'object' && raw['value'] !== null ? (raw['value'] as Record<string, unknown>) : undefined;
  const [errno, notAttempted] = [text('errno'), text('notAttempted')];
  const results = [value, errno, notAttempted].filter((one) => one !== undefined).length;
  const base = {
    id: String(raw['id']),
    kind: text('kind') ?? '',
    ...(typeof raw['ms'] === 'number' && { ms: raw['ms'] }),
  };
  if (results > 1) return { ...base, notAttempted: 'the probe reported more than one result' };
  return {
    ...base,
    ...(value && { value }),
    ...(errno !== undefined && { errno }),
    ...(text('step') !== undefined && { step: text('step') }),
    ...(notAttempted !== undefined && { notAttempted }),
  };
}
