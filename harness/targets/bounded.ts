import { ResponseContext } from '@kubernetes/client-node';
import { logLimit } from '../log-limit.ts';

/**
 * The beginning of a text, up to a number of bytes. What comes after that is not read: the other side may send for ever,
 * and is told to stop. `onText` gets what there is so far, each time that something came.
 */
export async function textUpTo(
  stream: ReadableStream<Uint8Array>,
  limit: number,
  onText?: (soFar: string) => void,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let left = limit;
  // Leaving the loop cancels the stream.
  for await (const chunk of stream) {
    text += decoder.decode(chunk.subarray(0, left), { stream: true });
    left -= chunk.byteLength;
    onText?.(text);
    if (left <= 0) return text;
  }
  return text + decoder.decode();
}

/** The node that sends a log is what is tested: should it not keep to `limitBytes`, no more than that is read all the same. */
export const boundedLog = (
  { httpStatusCode, headers, body }: ResponseContext,
  onText?: (soFar: string) => void,
): ResponseContext =>
  new ResponseContext(httpStatusCode, headers, {
    ...body,
    text: () => {
      const stream = body.stream();
      return stream ? textUpTo(stream, logLimit, onText) : Promise.resolve('');
    },
  });
