/**
 * How fast the plain iteration comes to rest near a state, told by the state itself: the largest eigenvalue of the iteration's
 * Jacobian there, by power iteration on finite differences, in float64. It needs no run, so it serves where a solver looks back
 * and its residuals tell nothing of the map (`solve/contraction.ts` is the estimate from residuals).
 */
import { activity } from '../../../network/energy';
import { driveFrom } from '../../../network/drive';
import { unitMap } from '../../../network/dynamics';
import type { Network } from '../../../network/network';
import type { Floats } from '../../../numbers/floats';
import { norm } from '../../../numbers/norm';
import { VISIBLE } from '../../../memory/associative';
import { iterationOrders, type Schedule } from '../../../solve/schedule';
import { unitUpdateOf, type LocalSolve, type SolveSettings } from '../../../solve/settings';
import { dampingOf, looksBack } from '../../../solve/solvers';
import { fitsOmega } from '../../../solve/solvers/relaxation';

export type Rate = {
  /** The size of the largest eigenvalue of the map f, all layers at once. Above 1 the state is no minimum. */
  readonly mu: number;
  /** By how much one plain iteration under the lane's schedule shrinks what is left, with the solver's damping if it damps. */
  readonly lambda: number;
};

/** One array a layer, [units]. */
type States = readonly Float64Array[];

type Iteration = {
  readonly schedule: Schedule;
  readonly move: 'map' | LocalSolve;
  /** The share of the old state that stays. */
  readonly damping: number;
};

/** Size of the step of a finite difference, in units of ‖s‖. */
const STEP = 1e-6;
/** The estimate stands when it changes by less than this share. */
const STEADY = 1e-5;
const MOST_STEPS = 240;
/** Milliseconds of work before the page gets its turn. */
const AT_A_TIME = 12;

/** The damping of the plain iteration that a solver makes, or that it would have made where it looks back or fits its own. */
export function plainDamping({ solver, schedule }: Pick<SolveSettings, 'solver' | 'schedule'>): number {
  return looksBack(solver) || fitsOmega({ solver, schedule }) ? 0 : dampingOf(solver, 1);
}

/** The iterations of one period of the schedule. `held`, [pixels], is 1 for each pixel that stays as it is. */
function iterate(
  network: Network,
  { schedule, move, damping }: Iteration,
  held: Uint8Array | undefined,
  from: States,
): States {
  const states = [...from];
  const rho = network.layers.map(({ activation, units }, l) =>
    activity(activation, states[l] ?? new Float64Array(units), units),
  );
  for (const group of iterationOrders(network, schedule).flat()) {
    const moved = group.map((l) => {
      const layer = network.layers[l];
      const before = states[l];
      if (!layer || !before) return before;
      const to = unitMap(network.dynamics, layer, move);
      const drive = driveFrom(network, l, rho, 1);
      return before.map((s, i) => {
        if (l === VISIBLE && held?.[i] === 1) return s;
        return damping * s + (1 - damping) * to(s, (drive[i] ?? 0) + (layer.bias?.[i] ?? 0));
      });
    });
    for (const [at, l] of group.entries()) {
      const layer = network.layers[l];
      const state = moved[at];
      if (!layer || !state) continue;
      states[l] = state;
      rho[l] = activity(layer.activation, state, layer.units);
    }
  }
  return states;
}

const sizeOf = (states: States): number => norm(states.map(norm));

const combined = (a: States, factor: number, b: States): States =>
  a.map((layer, l) => layer.map((x, i) => x + factor * (b[l]?.[i] ?? 0)));

/** A direction that no symmetry of a picture shares, the same every time. */
function anyDirection(at: States): States {
  let seed = 1;
  return at.map((layer) =>
    layer.map(() => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647 - 0.5;
    }),
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** The spectral radius of the Jacobian of `map` at a state. 0 where it is flat. */
async function spectralRadius(
  map: (states: States) => States,
  at: States,
  signal: AbortSignal,
): Promise<number> {
  const base = map(at);
  const step = STEP * Math.max(1, sizeOf(at));
  let direction = anyDirection(at);
  // Of ln ‖Jv‖ / ‖v‖: over two steps, since the eigenvalues between two colours are ±μ, and those swing against each other.
  const grown: number[] = [];
  let since = performance.now();
  for (let size = sizeOf(direction); grown.length < MOST_STEPS;) {
    direction = direction.map((layer) => layer.map((x) => x / size));
    const image = combined(map(combined(at, step, direction)), -1, base);
    direction = image.map((layer) => layer.map((x) => x / step));
    size = sizeOf(direction);
    if (!(size > 1e-12)) return 0;
    grown.push(Math.log(size));
    const [now, before] = [mean(grown.slice(-2)), mean(grown.slice(-4, -2))];
    if (grown.length >= 8 && Math.abs(now - before) < STEADY) return Math.exp(now);
    if (performance.now() - since > AT_A_TIME) {
      await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
      since = performance.now();
    }
  }
  // Eigenvalues that turn (ω above its best) never stand still.
  return Math.exp(mean(grown.slice(-MOST_STEPS / 2)));
}

/**
 * @param states one array a layer, [units]: where a run has come to rest
 * @param held [pixels], 1 = held during the run
 * @throws AbortError when it is given up
 */
export async function rateAt(
  network: Network,
  states: readonly Floats[],
  settings: SolveSettings,
  held: Uint8Array | undefined,
  signal: AbortSignal,
): Promise<Rate> {
  const at = states.map((layer) => Float64Array.from(layer));
  const { schedule } = settings;
  const together: Iteration = { schedule: 'synchronous', move: 'map', damping: 0 };
  const own: Iteration = { schedule, move: unitUpdateOf(settings), damping: plainDamping(settings) };
  const radius = (iteration: Iteration): Promise<number> =>
    spectralRadius((from) => iterate(network, iteration, held, from), at, signal);
  const mu = await radius(together);
  const period = iterationOrders(network, schedule).length;
  return { mu, lambda: (await radius(own)) ** (1 / period) };
}
