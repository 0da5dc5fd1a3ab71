/** The trajectories of the paper authors' own code on two small networks (see golden/README.md). For tests only. */
import tiny3 from '../../golden/tiny3.json';
import tiny5 from '../../golden/tiny5.json';
import { createChain, type Dynamics, type Network } from '../network/network';
import type { Query } from '../network/query';
import type { SolveSettings } from '../solve/settings';

export type GoldenRun = {
  readonly kind: Dynamics;
  readonly mode: 'sync' | 'eo';
  readonly solver: 'picard' | 'anderson';
  readonly damping: number;
  readonly dtype: 'float32' | 'float64';
  /** The map's outputs, [iteration][sample][units of the free layers]. */
  readonly states: readonly (readonly (readonly number[])[])[];
  /** [iteration][sample] */
  readonly energy: readonly (readonly number[])[];
  /** From output t to t + 1: one entry fewer. */
  readonly rel_residual: readonly (readonly number[])[];
};

export type Golden = {
  readonly layers: readonly number[];
  readonly params: Readonly<Record<string, readonly (readonly number[])[] | readonly number[]>>;
  /** [sample][units of layer 0] */
  readonly x: readonly (readonly number[])[];
  readonly runs: Readonly<Record<string, GoldenRun>>;
};

export const GOLDEN = { tiny3, tiny5 } as unknown as Readonly<Record<'tiny3' | 'tiny5', Golden>>;

const numbers = (values: readonly (number | readonly number[])[] | undefined): Float64Array =>
  Float64Array.from((values ?? []).flat());

export function goldenNetwork(
  { layers, params }: Golden,
  dynamics: Dynamics,
  activation: 'sigmoid' | 'relu' = 'sigmoid',
): Network {
  return createChain(
    layers.map((units, l) => ({
      name: `s${l}`,
      units,
      activation: { kind: activation },
      ...(l > 0 ? { bias: numbers(params[`b${l}`]) } : {}),
    })),
    layers.slice(1).map((_, l) => numbers(params[l === 0 ? 'U' : `W${l}`])),
    dynamics,
  );
}

/** What layer 0 is held at, [samples, units]. */
export function goldenInput({ x }: Golden): Float64Array {
  return numbers(x);
}

export function goldenQuery(golden: Golden): Query {
  const { layers, x } = golden;
  return {
    batch: x.length,
    start: layers.map((units, l) => (l === 0 ? goldenInput(golden) : new Float64Array(x.length * units))),
    clamped: layers.map((_, l) => l === 0),
  };
}

/** The reference's settings of a run, without an end. */
export function goldenSettings({
  mode,
  solver,
  damping,
}: GoldenRun): Pick<SolveSettings, 'schedule' | 'solver' | 'local'> {
  return {
    schedule: mode === 'eo' ? 'even-odd' : 'synchronous',
    solver:
      solver === 'anderson'
        ? { kind: 'anderson', damping, window: 4, ridge: 1e-10, safeguard: 'step' }
        : { kind: 'picard', damping },
    local: 'damped',
  };
}

/** ‖a − b‖ */
export const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((x, i) => x - (b[i] ?? NaN)));
