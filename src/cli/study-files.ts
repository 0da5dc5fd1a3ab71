/** What `study` reads and keeps. */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { StudyDigit } from '../experiments/solver-study-block';
import type { StudyModel } from '../experiments/solver-study-cases';
import { isParameter, networkOf } from '../experiments/solver-study-models';
import { readNpz } from '../codecs/npz';
import type { Floats } from '../numbers/floats';
import type { Network } from '../network/network';
import { loadExamples } from './digit-files';
import { InputError } from './input-error';
import type { CommandIo } from './io';

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new InputError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function parsed<T>(path: string, parse: (bytes: Uint8Array) => T): Promise<T> {
  const bytes = await bytesOf(path);
  try {
    return parse(bytes);
  } catch (error) {
    throw new InputError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export type StoredModel = {
  readonly network: Network;
  /** Equilibria of the first test digits, [digits, units of the free layers]; absent where the file has none. */
  readonly fixedPoints?: { readonly digits: number; readonly values: Floats };
};

/** @throws InputError naming the file, and what is wrong with it. */
export function loadStudyModel(folder: string, { name, dynamics }: StudyModel): Promise<StoredModel> {
  return parsed(join(folder, `${name}.npz`), (bytes) => {
    const arrays = readNpz(bytes, (array) => isParameter(array) || array === 'fixed_point');
    const fixed = arrays.get('fixed_point');
    return {
      network: networkOf(arrays, dynamics),
      ...(fixed ? { fixedPoints: { digits: fixed.shape[0] ?? 0, values: fixed.values } } : {}),
    };
  });
}

export type Digits = { readonly images: Uint8Array; readonly labels: Uint8Array; readonly width: number };

/** The test digits of MNIST. @throws InputError naming the file, and what is wrong with it. */
export async function loadDigits(folder: string, io: CommandIo): Promise<Digits> {
  const source = {
    kind: 'files',
    images: join(folder, 't10k-images-idx3-ubyte.gz'),
    labels: join(folder, 't10k-labels-idx1-ubyte.gz'),
  } as const;
  const { pixels, labels, width, height } = await loadExamples(source, io);
  return { images: pixels, labels, width: width * height };
}

const nullable = z.number().nullable();
const Line = z.object({
  key: z.string(),
  digits: z.array(
    z.object({
      paper: nullable,
      map: z.tuple([nullable, nullable]),
      guess: z.number(),
      error: z.tuple([nullable, nullable]),
      elsewhere: z.boolean(),
    }),
  ),
});

/** What was counted before, block by block, in a file of one JSON object a line. */
export class StudyCache {
  private constructor(
    private readonly path: string | undefined,
    private readonly blocks: Map<string, readonly StudyDigit[]>,
  ) {}

  /** @throws InputError when the file is there and is none of ours. */
  static async open(path: string | undefined): Promise<StudyCache> {
    const blocks = new Map<string, readonly StudyDigit[]>();
    if (path === undefined) return new StudyCache(path, blocks);
    const text = await readFile(path, 'utf8').catch(() => '');
    // The last line may be cut off where a study was interrupted; then it is counted again.
    const lines = text.split('\n').slice(0, -1);
    for (const [i, line] of lines.entries()) {
      try {
        const { key, digits } = Line.parse(JSON.parse(line));
        blocks.set(key, digits);
      } catch {
        throw new InputError(
          `${path} line ${i + 1} is not what a study keeps; name another file for --cache`,
        );
      }
    }
    return new StudyCache(path, blocks);
  }

  get(key: string): readonly StudyDigit[] | undefined {
    return this.blocks.get(key);
  }

  async add(key: string, digits: readonly StudyDigit[]): Promise<void> {
    this.blocks.set(key, digits);
    if (this.path !== undefined) await appendFile(this.path, `${JSON.stringify({ key, digits })}\n`);
  }
}
