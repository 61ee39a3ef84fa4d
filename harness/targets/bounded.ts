/**
 * The beginning of a text, up to a number of bytes. What comes after that is not read: the other side may send for ever,
 * and is told to stop.
 */
export async function textUpTo(stream: ReadableStream<Uint8Array>, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let left = limit;
  // Leaving the loop cancels the stream.
  for await (const chunk of stream) {
    text += decoder.decode(chunk.subarray(0, left), { stream: true });
    left -= chunk.byteLength;
    if (left <= 0) return text;
  }
  return text + decoder.decode();
}
