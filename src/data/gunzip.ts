/** What gzip has packed, piece by piece: a file that lies about its size allocates nothing by it. */
import { FormatError } from '../codecs/format-error';

/** As much as one array of bytes may hold on every machine. */
const MOST_BYTES = 2 ** 31 - 1;

/** Whether a file begins as gzip files do. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** @throws FormatError when it is broken or too large, the signal's reason when it aborts */
export async function gunzip(packed: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
  const source = new Blob([packed as Uint8Array<ArrayBuffer>]).stream();
  const reader = source.pipeThrough(new DecompressionStream('gzip')).getReader();
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > MOST_BYTES) throw new FormatError('it is larger than 2 GiB when unpacked');
      pieces.push(value);
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    if (error instanceof FormatError || signal?.aborted) throw error;
    throw new FormatError(
      `the gzip file is broken: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
