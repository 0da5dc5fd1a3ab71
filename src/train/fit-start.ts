/**
 * Learns what `network/learned.ts` describes from the equilibria of many pictures: a start near them, by ridge regression stage after
 * stage, each of which corrects the one before; and for a HAM the step that leads from a residual at such a start to the equilibrium, in place of
 * an inverse Hessian: Δ ≈ r + (ρ′ ⊙ r) · C by the same regression, of s* − s − r on ρ′ ⊙ r.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { activity } from '../network/energy';
import {
  indecision,
  multiplyLowRank,
  writeDirections,
  type Learned,
  type LearnedCurvature,
  type LearnedStart,
  type LowRank,
} from '../network/learned';
import { evenLayers } from '../network/even-layers';
import { NetworkError, type Network } from '../network/network';
import { inputQuery, type Query } from '../network/query';
import type { Floats } from '../numbers/floats';
import { NormalEquations } from '../numbers/ridge';
import { dot } from '../numbers/vectors';
import { solve } from '../engine/solve';
import type { Engine } from '../engine/engine';
import { FASTEST } from '../solve/presets';
import type { SolveSettings } from '../solve/settings';
import { normalOf } from './initial-network';
import { meanInverse, slopesOf, type Even, type OddSlopes } from './mean-inverse';

export type FitSettings = {
  /** Added to the diagonal of XᵀX. */
  readonly ridge: number;
  /** Stages of the start, 1 or more. */
  readonly stages: number;
  /** Rank of each stage, and of the curvature; 0 leaves that out. */
  readonly rank: number;
  readonly curvatureRank: number;
  /** Random directions in the space of the last even layer: what makes the prediction more than linear. */
  readonly directions: number;
  /** Share of the samples whose prediction is so little decided that they begin at zero, from 0 to below 1. */
  readonly doubt: number;
  readonly seed: number;
};

/** What there is to learn from. */
export type FitSamples = {
  readonly count: number;
  /** [size, units of layer 0], from the `first` sample on */
  readonly inputs: (first: number, size: number) => Floats;
};

export type FitResult = {
  readonly learned: Learned;
  /** Samples that did not reach an equilibrium, and were left out. */
  readonly leftOut: number;
  /** Median ‖s₀ − s*‖ / ‖s*‖ over the samples: of the pass from the input, and of each stage. */
  readonly errors: readonly number[];
};

const AT_A_TIME = 250;
/** Equilibria are found to this map residual. */
const TOLERANCE = 1e-5;
const LIMIT = 1000;
/** How wide the random directions are. */
const SPREAD = 2;
/** States that a curvature is learned at: the start, and where the plain map leads from there. */
const POINTS = 2;
/** Points nearer to the equilibrium than this, relative to the state, say no more about the step to it. */
const NEAR = 1e-4;

export type FitWatch = {
  readonly signal: AbortSignal;
  readonly onProgress: (what: string, share: number) => void;
};

/** The settings that equilibria are found with: the fastest that the dynamics allow for. */
export const fitSolve = ({ dynamics }: Pick<Network, 'dynamics'>): SolveSettings => ({
  ...FASTEST,
  ...(dynamics === 'ham' ? {} : { solver: PLAIN.solver, local: 'exact' }),
  tolerance: TOLERANCE,
  iterationLimit: LIMIT,
});

const PLAIN = { schedule: 'even-odd', solver: { kind: 'picard', damping: 0 } } as const;

/**
 * @param onProgress what is being done, and the share of it that is done
 * @throws NetworkError where the network has no even layer to predict, RangeError where the samples determine nothing, the signal's
 *   reason when it aborts
 */
export async function fitStart(
  engine: Engine,
  whole: Network,
  samples: FitSamples,
  settings: FitSettings,
  { signal, onProgress }: FitWatch,
): Promise<FitResult> {
  const network: Network = {
    dynamics: whole.dynamics,
    layers: whole.layers,
    connections: whole.connections,
  };
  const even = evenOf(network);
  const pause: Pause = async (what, share) => {
    onProgress(what, share);
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
  };
  const found = await findEquilibria(engine, network, even, samples, signal, pause);
  const { equilibria } = found;
  const draw = mersenne(settings.seed);
  const normal = normalOf(() => uniformFloat64(draw));
  const last = even.layers.at(-1)?.units ?? 0;
  const directions = Float32Array.from({ length: (last + 1) * settings.directions }, () => SPREAD * normal());
  const stages: LowRank[] = [];
  const errors = [medianError(found.pass, equilibria, even.units)];
  let states = found.pass;
  for (let stage = 1; stage <= settings.stages; stage++) {
    const what = `predicting, stage ${stage} of ${settings.stages}`;
    const fitted = await fitStage(even, directions, states, equilibria, settings, (share) =>
      pause(what, share),
    );
    states = predictedBy(fitted, even, directions, states);
    stages.push(fitted);
    errors.push(medianError(states, equilibria, even.units));
  }
  const start: LearnedStart = { directions, stages, doubt: doubtAbove(settings.doubt, even, states) };
  // Where all begin as predicted, the steps are those near an equilibrium.
  const withStart = { ...network, learned: { start: { ...start, doubt: Infinity }, curvature: null } };
  const curved = network.dynamics === 'ham' && settings.curvatureRank > 0;
  const curvature = curved
    ? await fitCurvature(engine, withStart, even, samples, found, settings, pause)
    : null;
  return { learned: { start, curvature }, leftOut: samples.count - found.kept.length, errors };
}

function evenOf(network: Network): Even {
  const numbers = evenLayers(network);
  const layers = numbers.flatMap((l) => network.layers[l] ?? []);
  const units = layers.reduce((sum, layer) => sum + layer.units, 0);
  if (units > 0) return { layers, numbers, units };
  throw new NetworkError('a start is predicted for even layers, and this network has none but the input');
}

async function fitStage(
  even: Even,
  directions: Floats,
  states: Float32Array,
  equilibria: Float32Array,
  { directions: count, ridge, rank }: FitSettings,
  pause: (share: number) => Promise<void>,
): Promise<LowRank> {
  const n = even.units;
  const equations = new NormalEquations(n + 1 + count, n);
  for (let at = 0; at < states.length; at += n) {
    const { x, y } = equations.next;
    writeFeatures(even, directions, states.subarray(at, at + n), x);
    for (let i = 0; i < n; i++) y[i] = (equilibria[at + i] ?? 0) - (states[at + i] ?? 0);
    equations.add();
    if ((at / n) % AT_A_TIME === 0) await pause(at / states.length);
  }
  await pause(1);
  return inFloat32(equations.solve(ridge, rank));
}

const inFloat32 = ({ rank, down, up }: LowRank): LowRank => ({
  rank,
  down: Float32Array.from(down),
  up: Float32Array.from(up),
});

function predictedBy(stage: LowRank, even: Even, directions: Floats, states: Float32Array): Float32Array {
  const n = even.units;
  const predicted = new Float32Array(states.length);
  const features = new Float64Array(stage.down.length / stage.rank);
  const out = new Float64Array(n);
  for (let at = 0; at < states.length; at += n) {
    writeFeatures(even, directions, states.subarray(at, at + n), features);
    multiplyLowRank(stage, features, out);
    for (let i = 0; i < n; i++) predicted[at + i] = (states[at + i] ?? 0) + (out[i] ?? 0);
  }
  return predicted;
}

/** What the share of the samples that decide least are above. */
function doubtAbove(share: number, { layers, units }: Even, states: Float32Array): number {
  const last = layers.at(-1);
  if (share === 0 || !last) return Infinity;
  const all = Float64Array.from({ length: states.length / units }, (_, sample) =>
    indecision(last.activation, states.subarray((sample + 1) * units - last.units, (sample + 1) * units)),
  ).sort();
  return all[Math.ceil((1 - share) * all.length) - 1] ?? Infinity;
}

/** Median of ‖s − s*‖ / ‖s*‖. */
function medianError(states: Float32Array, equilibria: Float32Array, units: number): number {
  const errors = Float64Array.from({ length: states.length / units }, (_, sample) => {
    let [miss, size] = [0, 0];
    for (let at = sample * units; at < (sample + 1) * units; at++) {
      miss += ((states[at] ?? 0) - (equilibria[at] ?? 0)) ** 2;
      size += (equilibria[at] ?? 0) ** 2;
    }
    return Math.sqrt(miss / size);
  }).sort();
  return errors[errors.length >> 1] ?? NaN;
}

type Pause = (what: string, share: number) => Promise<void>;

/** Even layers of the samples that got to an equilibrium, [kept, units]. */
type Found = {
  readonly kept: readonly number[];
  readonly pass: Float32Array;
  readonly equilibria: Float32Array;
  readonly oddSlopes: OddSlopes;
};

async function findEquilibria(
  engine: Engine,
  network: Network,
  even: Even,
  { count, inputs }: FitSamples,
  signal: AbortSignal,
  pause: Pause,
): Promise<Found> {
  const kept: number[] = [];
  const pass = new Float32Array(count * even.units);
  const equilibria = new Float32Array(count * even.units);
  const oddSlopes = new Map(
    [...network.layers.entries()].flatMap(([l, { units }]) =>
      l === 0 || even.numbers.includes(l) ? [] : [[l, new Float64Array(units)] as const],
    ),
  );
  const slopes = slopesOf(network.layers);
  const loaded = await engine.load(network);
  const settings = fitSolve(network);
  for (let first = 0; first < count; first += AT_A_TIME) {
    const batch = Math.min(AT_A_TIME, count - first);
    const query = inputQuery(network, inputs(first, batch), batch);
    const { stops, states } = await solve(loaded, query, settings, { signal });
    signal.throwIfAborted();
    const run = await loaded.start({ ...query, begins: 'forward' }, settings);
    const begun = await run.states();
    run.destroy();
    for (const [sample, { reason }] of stops.entries()) {
      if (reason !== 'converged') continue;
      copyEven(even, states, sample, equilibria, kept.length);
      copyEven(even, begun, sample, pass, kept.length);
      for (const [l, sum] of oddSlopes)
        for (let i = 0; i < sum.length; i++)
          sum[i] = (sum[i] ?? 0) + (slopes[l]?.(states[l]?.[sample * sum.length + i] ?? 0) ?? 0);
      kept.push(first + sample);
    }
    await pause('finding equilibria', (first + batch) / count);
  }
  loaded.destroy();
  if (kept.length === 0) throw new RangeError('none of the pictures leads to an equilibrium');
  for (const [l, sum] of oddSlopes)
    oddSlopes.set(
      l,
      sum.map((value) => value / kept.length),
    );
  const used = kept.length * even.units;
  return { kept, pass: pass.subarray(0, used), equilibria: equilibria.subarray(0, used), oddSlopes };
}

/** Of full rank it is cheap to compute from the weights, and by far better; else it is fitted to steps. */
async function fitCurvature(
  engine: Engine,
  network: Network,
  even: Even,
  samples: FitSamples,
  found: Found,
  settings: FitSettings,
  pause: Pause,
): Promise<LearnedCurvature> {
  const softmax = even.layers.find(({ activation }) => activation.kind === 'softmax');
  if (softmax)
    throw new NetworkError(`layer ${softmax.name} is softmax, so that it has no curvature of its own`);
  if (settings.curvatureRank >= even.units)
    try {
      return meanInverse(network, even, found);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  return { form: 'steps', ...(await fitSteps(engine, network, even, samples, found, settings, pause)) };
}

async function fitSteps(
  engine: Engine,
  network: Network,
  even: Even,
  { inputs }: FitSamples,
  { kept, equilibria }: Found,
  { ridge, curvatureRank }: FitSettings,
  pause: Pause,
): Promise<LowRank> {
  const n = even.units;
  const equations = new NormalEquations(n, n);
  const loaded = await engine.load(network);
  const settings: SolveSettings = { ...PLAIN, tolerance: Number.MIN_VALUE, iterationLimit: POINTS + 1 };
  const slopes = slopesOf(even.layers);
  const points = Array.from({ length: POINTS + 1 }, () => new Float32Array(AT_A_TIME * n));
  let next = 0;
  while (next < kept.length) {
    const first = kept[next] ?? 0;
    const end = Math.min(first + AT_A_TIME, (kept.at(-1) ?? 0) + 1);
    const query: Query = inputQuery(network, inputs(first, end - first), end - first, 'learned');
    const run = await loaded.start(query, settings);
    for (const point of points) {
      await run.advance(1);
      const states = await run.states();
      for (let sample = 0; sample < end - first; sample++) copyEven(even, states, sample, point, sample);
    }
    run.destroy();
    for (; next < kept.length && (kept[next] ?? 0) < end; next++) {
      const row = ((kept[next] ?? 0) - first) * n;
      for (let p = 0; p < POINTS; p++) {
        const { x, y } = equations.next;
        const [s, f] = [points[p], points[p + 1]];
        for (let i = 0; i < n; i++) y[i] = (f?.[row + i] ?? 0) - (s?.[row + i] ?? 0);
        const length = Math.sqrt(dot(y, y));
        let [size, at] = [0, 0];
        for (const [l, { units }] of even.layers.entries())
          for (let i = 0; i < units; i++, at++) {
            const [here, residual] = [s?.[row + at] ?? 0, y[at] ?? 0];
            size += here * here;
            x[at] = ((slopes[l]?.(here) ?? 0) * residual) / length;
            y[at] = ((equilibria[next * n + at] ?? 0) - here - residual) / length;
          }
        if (length > NEAR * Math.sqrt(size)) equations.add();
      }
    }
    await pause('learning the curvature', next / kept.length);
  }
  loaded.destroy();
  return inFloat32(equations.solve(ridge, curvatureRank));
}

function copyEven(
  { layers, numbers, units }: Even,
  states: readonly Floats[],
  sample: number,
  out: Float32Array,
  row: number,
): void {
  let at = row * units;
  for (const [i, l] of numbers.entries()) {
    const n = layers[i]?.units ?? 0;
    out.set((states[l] ?? new Float32Array()).subarray(sample * n, (sample + 1) * n), at);
    at += n;
  }
}

/** φ(s) of one sample: see `network/learned.ts`. */
function writeFeatures({ layers, units: n }: Even, directions: Floats, s: Floats, out: Float64Array): void {
  let at = 0;
  for (const { activation, units } of layers) {
    out.set(activity(activation, s.subarray(at, at + units), units), at);
    at += units;
  }
  writeDirections(directions, s.subarray(n - (layers.at(-1)?.units ?? 0)), out, n);
}
