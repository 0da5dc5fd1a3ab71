/** A file that is there whole or not at all: written beside its place, and put there when it is complete. */
import { randomUUID } from 'node:crypto';
import { open, readlink, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError } from './input-error';
import { fileReason, STANDARD } from './solve-files';

/** Links that lead to one another are followed no further than this, as Linux has it. */
const MOST_LINKS = 40;

/** Where symbolic links lead, whether there is a file yet or not. */
async function followed(path: string, flag: string): Promise<string> {
  let at = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const target = await readlink(at).catch(() => null);
    if (target === null) return at;
    at = resolve(dirname(at), target);
  }
  throw new InputError(`${flag} ${path}: symbolic links lead round in a circle there`);
}

/**
 * @param flag the option that names the file to write
 * @throws InputError where that would take the place of a file that is read, by whatever name
 */
export async function refuseToReplace(flag: string, out: string, read: readonly string[]): Promise<void> {
  if (out === STANDARD) return;
  const there = await stat(out).catch(() => null);
  for (const path of read.filter((each) => each !== STANDARD)) {
    const other = await stat(path).catch(() => null);
    const same = there !== null && other !== null && there.dev === other.dev && there.ino === other.ino;
    if (same || resolve(path) === resolve(out))
      throw new InputError(`${flag} ${out} is a file that is read; name another one`);
  }
}

export class WholeFile {
  private open = true;

  private constructor(
    private readonly path: string,
    /** Null where `path` is no file that could be replaced: a pipe, say. */
    private readonly beside: string | null,
    private readonly handle: FileHandle,
  ) {}

  /**
   * @param flag the option that names the file
   * @throws InputError when it cannot be written
   */
  static async create(asked: string, flag = '--out'): Promise<WholeFile> {
    try {
      const path = await followed(asked, flag);
      const there = await stat(path).catch(() => null);
      if (there?.isDirectory()) throw new InputError(`${flag} ${asked}: that is a folder; it must be a file`);
      const beside = there && !there.isFile() ? null : `${path}.${randomUUID()}.part`;
      return new WholeFile(path, beside, await open(beside ?? path, beside ? 'wx' : 'w'));
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(`${flag} ${asked}: ${fileReason(error).replace(` '${asked}'`, '')}`);
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
export async function writeWhole(path: string, data: string | Uint8Array, flag = '--out'): Promise<void> {
  const file = await WholeFile.create(path, flag);
  try {
    await file.write(data);
    await file.finish();
  } finally {
    await file.abandon();
  }
}
