/** A file that is there whole or not at all: written beside its place, and put there when it is complete. */
import { randomUUID } from 'node:crypto';
import { open, readlink, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError } from './input-error';
import { fileReason } from './solve-files';

/** Links that lead to one another are followed no further than this, as Linux has it. */
const MOST_LINKS = 40;

/** Where symbolic links lead, whether there is a file yet or not. */
async function followed(path: string): Promise<string> {
  let at = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const target = await readlink(at).catch(() => null);
    if (target === null) return at;
    at = resolve(dirname(at), target);
  }
  throw new InputError(`--out ${path}: symbolic links lead round in a circle there`);
}

export class WholeFile {
  private open = true;

  private constructor(
    private readonly path: string,
    /** Null where `path` is no file that could be replaced: a pipe, say. */
    private readonly beside: string | null,
    private readonly handle: FileHandle,
  ) {}

  /** @throws InputError when the file cannot be written */
  static async create(asked: string): Promise<WholeFile> {
    try {
      const path = await followed(asked);
      const there = await stat(path).catch(() => null);
      if (there?.isDirectory()) throw new InputError(`--out ${asked}: that is a folder; it must be a file`);
      const beside = there && !there.isFile() ? null : `${path}.${randomUUID()}.part`;
      return new WholeFile(path, beside, await open(beside ?? path, beside ? 'wx' : 'w'));
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(`--out ${asked}: ${fileReason(error).replace(` '${asked}'`, '')}`);
    }
  }

  write(data: string | Uint8Array): Promise<void> {
    return this.handle.appendFile(data);
  }

  /** Puts the file in its place. */
  async finish(): Promise<void> {
    this.open = false;
    await this.handle.close();
    if (this.beside) await rename(this.beside, this.path);
  }

  /** Leaves nothing behind, unless the file is finished. Idempotent. */
  async abandon(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    await this.handle.close();
    if (this.beside) await rm(this.beside, { force: true });
  }
}

/** @throws InputError when the file cannot be written; the one that was there is as it was then */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  const file = await WholeFile.create(path);
  try {
    await file.write(data);
    await file.finish();
  } finally {
    await file.abandon();
  }
}
