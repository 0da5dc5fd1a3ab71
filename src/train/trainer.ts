/** One batch after another: to equilibrium, back along the gradient, and a step of the weights. */
import type { TrainableNetwork } from '../engine/trainable';
import { solve } from '../engine/solve';
import type { Network } from '../network/network';
import { inputQuery } from '../network/query';
import type { Schedule, SolveSettings } from '../solve/settings';
import { dampingOf } from '../solve/solvers';
import type { Batch } from './examples';
import { addImplicitGradient, type AdjointSolver } from './implicit';
import { initialState, optimise, type OptimiserSettings, type OptimiserState } from './optimisers';
import { addUnrolledGradient } from './unrolled';

export type GradientSettings = { readonly kind: 'unrolled'; readonly steps: number } | AdjointSolver;

export type TrainerSettings = {
  readonly solve: SolveSettings;
  readonly gradient: GradientSettings;
  readonly optimiser: OptimiserSettings;
};

/** Sums over some batches. */
export type TrainingReport = {
  samples: number;
  /** ½ Σ (s − y)² over the output units. */
  loss: number;
  correct: number;
  iterations: number;
  didNotConverge: number;
  /** Samples whose state proved no minimum. */
  noMinimum: number;
};

export const emptyReport = (): TrainingReport => ({
  samples: 0,
  loss: 0,
  correct: 0,
  iterations: 0,
  didNotConverge: 0,
  noMinimum: 0,
});

/** The weights have left the numbers: the message is for the person. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
}

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

export class Trainer {
  states: readonly OptimiserState[];
  /** Steps that have been taken. */
  steps = 0;

  constructor(
    private readonly trainable: TrainableNetwork,
    private readonly settings: TrainerSettings,
  ) {
    this.states = trainable.parameters.map((parameter) => initialState(settings.optimiser, parameter));
  }

  /** Where a training was, after its moments have been brought back. */
  goOn(steps: number, largest: readonly (number | null)[]): void {
    this.steps = steps;
    this.states = this.states.map(({ moments }, i) => ({ moments, largest: largest[i] ?? Infinity }));
  }

  /**
   * Learns from one batch.
   * @param share of the rate
   * @throws TrainingError when no state is a number any longer; the weights stay as they are
   */
  async learn({ inputs, labels }: Batch, share: number, report: TrainingReport): Promise<void> {
    const { trainable, settings } = this;
    const { loaded } = trainable;
    const { network } = loaded;
    const batch = labels.length;
    const { stops, states } = await solve(loaded, inputQuery(network, inputs, batch), settings.solve);
    const outputs = states.at(-1) ?? new Float32Array();
    const classes = outputs.length / batch;
    const gradient = new Float64Array(outputs.length);
    let loss = 0;
    for (const [at, s] of outputs.entries()) {
      const difference = s - (at % classes === labels[Math.floor(at / classes)] ? 1 : 0);
      loss += difference ** 2 / 2;
      gradient[at] = difference / batch;
    }
    // A sample that diverges keeps its last finite state, and so a loss.
    if (!Number.isFinite(loss) || stops.every(({ reason }) => reason === 'diverged'))
      throw new TrainingError('states leave the range of float32 since the last batch; try a lower rate');
    trainable.clearGradients();
    const noMinimum = this.addGradient(network, batch, inputs, states, gradient);
    this.steps++;
    for (const [i, parameter] of trainable.parameters.entries()) {
      const state = this.states[i];
      if (state) optimise(settings.optimiser, state, parameter, this.steps, share);
    }
    trainable.changed();
    report.samples += batch;
    report.loss += loss;
    report.noMinimum += noMinimum;
    for (const [sample, guess] of guesses(outputs, classes).entries())
      if (guess === labels[sample]) report.correct++;
    for (const { reason, iterations } of stops) {
      report.iterations += iterations;
      if (reason !== 'converged') report.didNotConverge++;
    }
  }

  private addGradient(
    network: Network,
    batch: number,
    inputs: Float32Array,
    states: readonly ArrayLike<number>[],
    gradient: Float64Array,
  ): number {
    const { solve: how, gradient: kind } = this.settings;
    const products = this.trainable.products(batch);
    products.setInput(inputs);
    try {
      if (kind.kind !== 'unrolled') return addImplicitGradient(products, network, states, gradient, kind);
      const { schedule, local, solver } = how;
      const settings = { schedule, ...(local ? { local } : {}), damping: dampingOf(solver, 1) };
      addUnrolledGradient(products, network, settings, states, gradient, kind.steps);
      return 0;
    } finally {
      products.release();
    }
  }
}
