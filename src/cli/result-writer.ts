/** The result of `solve` as JSON, sample after sample, so that a large batch never stands in memory whole. */
import { randomUUID } from 'node:crypto';
import { open, readlink, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { finiteOrNull, shortFloat32, toNumbers } from '../codecs/short-float';
import { paperCount } from '../solve/paper-count';
import type { SolveSettings } from '../solve/settings';
import { InputError } from './input-error';
import type { SampleResult } from './batch';
import { fileReason } from './solve-files';

/** Text that is gathered before it is written, in characters. */
const BLOCK = 1 << 18;

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

/** Where text goes. */
type Sink = {
  readonly appendFile: (text: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Writes beside `path`, and puts the file in its place when it is whole; to standard output as it comes. */
export class ResultWriter {
  private text = '';
  private samples = 0;
  private open = true;

  private constructor(
    private readonly path: string,
    /** Null where `path` is no file that could be replaced: a pipe, say. */
    private readonly beside: string | null,
    private readonly handle: Sink,
  ) {}

  /** @throws InputError when the file cannot be written */
  static async create(asked: string): Promise<ResultWriter> {
    try {
      const path = await followed(asked);
      const there = await stat(path).catch(() => null);
      if (there?.isDirectory()) throw new InputError(`--out ${asked}: that is a folder; it must be a file`);
      const beside = there && !there.isFile() ? null : `${path}.${randomUUID()}.part`;
      return new ResultWriter(path, beside, await open(beside ?? path, beside ? 'wx' : 'w'));
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(`--out ${asked}: ${fileReason(error).replace(` '${asked}'`, '')}`);
    }
  }

  /** @param write takes text to standard output */
  static toStandardOutput(write: (text: string) => Promise<void>): ResultWriter {
    return new ResultWriter('-', null, { appendFile: write, close: () => Promise.resolve() });
  }

  async begin(engine: object, settings: object): Promise<void> {
    await this.write(
      `{"engine":${JSON.stringify(engine)},\n"settings":${JSON.stringify(settings)},\n"samples":[`,
    );
  }

  /** @param unrounded the final state's map residual with the weights as the file has them, where that is known */
  async sample(result: SampleResult, settings: SolveSettings, unrounded?: number): Promise<void> {
    const { trace, state, outputEnergy, outputs } = result;
    const { outcome, energy, mapResidual, stepResidual } = trace;
    const { criterion = 'map' } = settings;
    const single = state[0] instanceof Float32Array;
    const head = JSON.stringify({
      stop: outcome.reason,
      iterations: criterion === 'paper' ? paperCount(outcome, settings.solver) : outcome.iterations,
      mapEvaluations: trace.iterations,
      unitUpdates: trace.unitUpdates,
      start: {
        energy: curve(energy.slice(0, 1), single)[0],
        mapResidual: curve(mapResidual.slice(0, 1), single)[0],
      },
      energy: curve(energy.slice(1), single),
      ...(outputEnergy && { outputEnergy: curve(outputEnergy, single) }),
      // There is no output before the first.
      stepResidual: curve(
        stepResidual.slice(1).map((step, e) => (e === 0 ? NaN : step)),
        single,
      ),
      mapResidual: curve(mapResidual.slice(1), single),
      mu: trace.mu.slice(1).map(finiteOrNull),
      ...(unrounded === undefined ? {} : { unroundedResidual: finiteOrNull(unrounded) }),
      state: state.map(toNumbers),
    });
    await this.write(`${this.samples++ === 0 ? '\n' : ',\n'}${head.slice(0, -1)}`);
    if (outputs) {
      await this.write(',"states":[');
      for (const [i, layers] of outputs.entries()) {
        await this.write(`${i === 0 ? '' : ','}${JSON.stringify(layers.map(toNumbers))}`);
      }
      await this.write(']');
    }
    await this.write('}');
  }

  /** Completes the file and puts it in its place. */
  async finish(): Promise<void> {
    await this.write('\n]}\n');
    await this.flush();
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

  private async write(text: string): Promise<void> {
    this.text += text;
    if (this.text.length >= BLOCK) await this.flush();
  }

  private async flush(): Promise<void> {
    const { text } = this;
    this.text = '';
    await this.handle.appendFile(text);
  }
}

function curve(values: readonly number[], single: boolean): (number | null)[] {
  return values.map((x) => finiteOrNull(single && Math.fround(x) === x ? shortFloat32(x) : x));
}
