/** What is read, and what the reader is told on the way. */
import type { RgbaImage } from '../patterns/image';

/** A file by its name, with the folders that it lies in where they matter: `digits/7/0012.png`. */
export type NamedFile = { readonly name: string; readonly read: () => Promise<Uint8Array> };

export type Reading = {
  readonly signal?: AbortSignal;
  /** @param done of what is told in `what`, from 0 to 1 */
  readonly onProgress?: (what: string, done: number) => void;
  /** Decodes an image; throws an Error that says what is wrong with it. Absent where images cannot be read. */
  readonly decodeImage?: (bytes: Uint8Array, name: string) => Promise<RgbaImage> | RgbaImage;
};

/** Lets others have their turn: a key press, an abort. */
export const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
