/** One batch after another, on this side of an engine: to equilibrium, back along the gradient, and a step of the weights. */
import type { LoadedNetwork } from '../engine/engine';
import {
  addOutcome,
  NOTHING_LEARNED,
  unrolledMap,
  type Batch,
  type BatchOutcome,
  type GradientSettings,
  type Learner,
  type LearnerState,
  type LearningReport,
  type LearningSettings,
} from '../engine/learning';
import type { Rows } from '../engine/products';
import { solve, type Solution } from '../engine/solve';
import type { Parameter, TrainableNetwork } from '../engine/trainable';
import type { Network } from '../network/network';
import { inputQuery } from '../network/query';
import type { Schedule } from '../solve/settings';
import { addImplicitGradient } from './implicit';
import { initialState, optimise, type OptimiserState } from './optimisers';
import { addUnrolledGradient } from './unrolled';

/** Which of the outputs is the most active, for each sample. */
export function guesses(outputs: ArrayLike<number>, classes: number): Uint8Array {
  const best = new Uint8Array(outputs.length / classes);
  for (const sample of best.keys())
    for (let i = 1; i < classes; i++)
      if ((outputs[sample * classes + i] ?? 0) > (outputs[sample * classes + (best[sample] ?? 0)] ?? 0))
        best[sample] = i;
  return best;
}

/**
 * Why there is no gradient of this kind in a chain of so many layers, as a sentence; null where there is one. From the output it
 * reaches the first weights in a step a layer where all layers move at once, else in one for two of them.
 */
export function gradientFault(layers: number, gradient: GradientSettings, schedule: Schedule): string | null {
  if (gradient.kind === 'cg') return null;
  const terms = gradient.kind === 'series' ? gradient.terms : gradient.steps;
  const atOnce = gradient.kind === 'unrolled' && schedule === 'synchronous';
  const least = atOnce ? layers - 1 : Math.ceil((layers - 1) / 2);
  return terms >= least
    ? null
    : `with ${layers} layers the gradient of the first weights is zero before ${least} terms; ${terms} is too few`;
}

export class Trainer implements Learner {
  private memory: readonly OptimiserState[];
  private steps = 0;
  private sums = NOTHING_LEARNED;

  constructor(
    private readonly trainable: TrainableNetwork,
    private readonly settings: LearningSettings,
  ) {
    this.memory = trainable.parameters.map((parameter) => initialState(settings.optimiser, parameter));
  }

  get parameters(): readonly Parameter[] {
    return this.trainable.parameters;
  }

  async learn(batch: Batch, share: number): Promise<void> {
    const outcome = await this.find(batch, batch.labels.length);
    this.sums = addOutcome(this.sums, outcome);
    this.step(share);
    this.changed();
  }

  /**
   * The gradient of a batch, or of a part of it, into that of the parameters; of states that are no numbers it is none.
   * @param size samples of the whole batch
   */
  async find({ inputs, labels }: Batch, size: number): Promise<BatchOutcome> {
    const { trainable, settings } = this;
    const { loaded } = trainable;
    const { network } = loaded;
    const batch = labels.length;
    trainable.clearGradients();
    if (batch === 0) return { loss: 0, correct: 0, stops: [], noMinimum: 0 };
    const { stops, states, pairs } = await solve(loaded, inputQuery(network, inputs, batch), settings.solve);
    const outputs = states.at(-1) ?? new Float32Array();
    const classes = outputs.length / batch;
    const gradient = new Float64Array(outputs.length);
    let loss = 0;
    for (const [at, s] of outputs.entries()) {
      const difference = s - (at % classes === labels[Math.floor(at / classes)] ? 1 : 0);
      loss += difference ** 2 / 2;
      gradient[at] = difference / size;
    }
    const correct = guesses(outputs, classes).filter((guess, sample) => guess === labels[sample]).length;
    const noMinimum = Number.isFinite(loss)
      ? this.addGradient(network, inputs, { states, pairs }, gradient)
      : 0;
    return { loss, correct, stops, noMinimum };
  }

  /**
   * Moves the parameters along their gradients, or those of their numbers that are in a range. Then `changed` is to be called.
   * @param first, end count through all parameters; multiples of eight, or the end of all
   */
  step(share: number, first = 0, end = Infinity): void {
    const { settings } = this;
    this.steps++;
    this.forParts(first, end, (parameter, from, to, i) => {
      const state = this.memory[i];
      if (state) optimise(settings.optimiser, state, parameter, this.steps, share, from, to);
    });
  }

  changed(): void {
    this.trainable.changed();
  }

  /** Calls `each` with what there is of each parameter in a range, and where that begins in all of them. */
  forParts(
    first: number,
    end: number,
    each: (parameter: Parameter, from: number, to: number, i: number, start: number) => void,
  ): void {
    let start = 0;
    for (const [i, parameter] of this.parameters.entries()) {
      const { length } = parameter.values;
      const [from, to] = [Math.max(first - start, 0), Math.min(end - start, length)];
      if (from < to) each(parameter, from, to, i, start + from);
      start += length;
    }
  }

  /** What the optimiser remembers of a parameter: running means, as long as it is. */
  moments(i: number): readonly Rows[] {
    return this.memory[i]?.moments ?? [];
  }

  report(): Promise<LearningReport> {
    const { sums } = this;
    this.sums = NOTHING_LEARNED;
    return Promise.resolve(sums);
  }

  state(): Promise<LearnerState> {
    const learned = this.trainable.parameters.map((parameter, i) => ({
      name: parameter.name,
      values: parameter.ordered(parameter.values),
      moments: (this.memory[i]?.moments ?? []).map(({ values }) => parameter.ordered(values)),
      largest: this.memory[i]?.largest ?? Infinity,
    }));
    return Promise.resolve({ steps: this.steps, learned });
  }

  goOn({ steps, learned }: LearnerState): Promise<void> {
    this.steps = steps;
    this.memory = this.memory.map(({ moments }, i) => {
      const [parameter, kept] = [this.trainable.parameters[i], learned[i]];
      if (parameter && kept) parameter.place(kept.values, parameter.values);
      for (const [k, { values }] of moments.entries()) {
        const before = kept?.moments[k];
        if (before) parameter?.place(before, values);
      }
      return { moments, largest: kept?.largest ?? Infinity };
    });
    this.trainable.changed();
    return Promise.resolve();
  }

  read(): Promise<Network> {
    return Promise.resolve(this.trainable.read());
  }

  solving<T>(use: (loaded: LoadedNetwork) => Promise<T>): Promise<T> {
    return use(this.trainable.loaded);
  }

  destroy(): void {
    this.trainable.destroy();
  }

  private addGradient(
    network: Network,
    inputs: Float32Array,
    { states, pairs }: Pick<Solution, 'states' | 'pairs'>,
    gradient: Float64Array,
  ): number {
    const { solve: how, gradient: kind } = this.settings;
    const products = this.trainable.products(inputs.length / (network.layers[0]?.units ?? 1));
    products.setInput(inputs);
    try {
      if (kind.kind !== 'unrolled')
        return addImplicitGradient(products, network, states, gradient, kind, pairs);
      addUnrolledGradient(products, network, unrolledMap(kind, how), states, gradient, kind.steps);
      return 0;
    } finally {
      products.release();
    }
  }
}
