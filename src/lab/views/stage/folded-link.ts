/** A stage as an address: a mark that says of which view, and JSON, deflated, in base64url. */
import type { z } from 'zod';

/** Longer addresses are cut by some of the programs that they are pasted into. */
const LONGEST_LINK = 16_000;

/** What a link may unfold to, in characters. */
const LONGEST_TEXT = 1_000_000;

/** Why there is no link, or none that can be opened; the message is for the person. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: GenericTransformStream): Promise<Uint8Array> {
  const reader = (new Blob([bytes]).stream().pipeThrough(stream) as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > LONGEST_TEXT) {
      await reader.cancel();
      throw new LinkError('it unfolds to more than a link can hold');
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function fold(text: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

async function unfold(folded: string): Promise<string> {
  const binary = atob(folded.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  return new TextDecoder('utf-8', { fatal: true }).decode(
    await through(bytes, new DecompressionStream('deflate-raw')),
  );
}

/** @throws LinkError where it is longer than an address can be */
export async function foldLink(mark: string, link: object): Promise<string> {
  const hash = mark + (await fold(JSON.stringify(link)));
  if (hash.length > LONGEST_LINK) throw new LinkError('This cue is too large for a link.');
  return hash;
}

/** @throws LinkError that says what is wrong with it */
export async function unfoldLink<S extends z.ZodType>(
  mark: string,
  hash: string,
  schema: S,
): Promise<z.output<S>> {
  if (hash.length > LONGEST_LINK) throw new LinkError('it is too long');
  let content: unknown;
  try {
    content = JSON.parse(await unfold(hash.slice(mark.length)));
  } catch (error) {
    throw error instanceof LinkError ? error : new LinkError('it is damaged or cut off');
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success) {
    throw new LinkError(`its ${parsed.error.issues[0]?.path.join('.') || 'content'} is not what it must be`);
  }
  return parsed.data;
}
