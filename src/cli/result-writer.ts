/** The result of `solve` as JSON, sample after sample, so that a large batch never stands in memory whole. */
import { finiteOrNull, shortFloat32, toNumbers } from '../codecs/short-float';
import { paperCount } from '../solve/paper-count';
import type { SolveSettings } from '../solve/settings';
import type { SampleResult } from './batch';
import { WholeFile } from './whole-file';

/** Text that is gathered before it is written, in characters. */
const BLOCK = 1 << 18;

/** Where text goes. */
type Sink = Pick<WholeFile, 'write' | 'finish' | 'abandon'>;

const NOTHING = (): Promise<void> => Promise.resolve();

export class ResultWriter {
  private text = '';
  private samples = 0;

  private constructor(private readonly sink: Sink) {}

  /** @throws InputError when the file cannot be written */
  static async create(path: string): Promise<ResultWriter> {
    return new ResultWriter(await WholeFile.create(path));
  }

  /** @param write takes text to standard output */
  static toStandardOutput(write: (text: string) => Promise<void>): ResultWriter {
    return new ResultWriter({ write: (text) => write(String(text)), finish: NOTHING, abandon: NOTHING });
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
    await this.sink.finish();
  }

  /** Leaves nothing behind, unless the file is finished. Idempotent. */
  abandon(): Promise<void> {
    return this.sink.abandon();
  }

  private async write(text: string): Promise<void> {
    this.text += text;
    if (this.text.length >= BLOCK) await this.flush();
  }

  private async flush(): Promise<void> {
    const { text } = this;
    this.text = '';
    await this.sink.write(text);
  }
}

function curve(values: readonly number[], single: boolean): (number | null)[] {
  return values.map((x) => finiteOrNull(single && Math.fround(x) === x ? shortFloat32(x) : x));
}
