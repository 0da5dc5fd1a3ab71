/** How each configuration of Table 2 is trained, and which of them are trained alike. */
import { MADAM, type GradientSettings } from '../../engine/learning';
import { FASTEST } from '../../solve/presets';
import type { SolveSettings } from '../../solve/settings';
import type { TrainingPlan } from '../../train/training-plan';
import { dampingOf, RATE_EPOCHS, RATES, SIZES, type Configuration } from './configurations';

/**
 * How equilibria are found while a network learns: by the configuration's own T iterations, as in the paper; or to a map residual of `SETTLED`,
 * where the gradient is the same to about that, and the same for solvers that share a schedule.
 */
export type Forward = 'paper' | 'settled';

/** The map residual at which a state counts as found in training. */
export const SETTLED = 1e-5;
const LIMIT = 200;

/** Samples in a batch. */
const BATCH = 64;

export function trainingPlan(of: Configuration, forward: Forward, seed: number): TrainingPlan {
  const configuration = of.trainedAs ?? of;
  const { layers, dynamics } = configuration;
  return {
    sizes: SIZES[layers],
    dynamics,
    ...(forward === 'paper' ? paperWay(configuration) : settledWay(configuration)),
    optimiser: { ...MADAM, rate: RATES[layers] },
    rateSchedule: 'linear',
    epochs: RATE_EPOCHS,
    batch: BATCH,
    shift: 0,
    seed,
  };
}

/** T iterations of the configuration's own solver: nothing else ends them but a state that no longer moves at all. */
export const ownSolve = ({ schedule, solver, local, iterations }: Configuration): SolveSettings => ({
  schedule,
  solver,
  ...(local ? { local } : {}),
  criterion: 'step',
  tolerance: Number.MIN_VALUE,
  iterationLimit: iterations,
});

/** How states are found in training, and how the loss reaches the weights. */
type Way = Pick<TrainingPlan, 'solve' | 'gradient'>;

/** T iterations, and K more, of Picard whatever the solver, to go back through. */
function paperWay(configuration: Configuration): Way {
  const { dynamics, schedule, solver } = configuration;
  const plainHam = dynamics === 'ham' && schedule === 'synchronous' && solver.kind === 'picard';
  const own = plainHam ? asEvenOdd(configuration) : configuration;
  return { solve: ownSolve(own), gradient: unrolled(own) };
}

/**
 * At an equilibrium a HAM's K steps back are a series of K terms, and a CHN's unit under even-odd is at its root after ten local steps to a
 * thousandth. Plain networks settle no further than their T iterations of Picard do: from what is beyond deep HAMs learn to be slow, and CHNs
 * of ten epochs equilibria that those iterations never reach.
 */
function settledWay(configuration: Configuration): Way {
  const { dynamics, schedule, steps, iterations } = configuration;
  const settled = { tolerance: SETTLED, iterationLimit: LIMIT } as const;
  if (schedule === 'even-odd') {
    const way = dynamics === 'ham' ? FASTEST : EVEN_ODD_PICARD;
    return { solve: { ...way, ...settled }, gradient: { kind: 'series', terms: steps } };
  }
  if (dynamics === 'chn') {
    const solver = { kind: 'picard', damping: dampingOf(configuration) } as const;
    const solve = { schedule, solver, ...settled, iterationLimit: iterations };
    return { solve, gradient: unrolled(configuration) };
  }
  const half = asEvenOdd(configuration);
  return {
    solve: { ...EVEN_ODD_PICARD, ...settled, iterationLimit: half.iterations },
    gradient: { kind: 'series', terms: half.steps },
  };
}

/**
 * All layers of a HAM moving at once, undamped, are two even-odd runs that never meet. In T iterations (T even) the one that begins with the
 * odd layers does T / 2; the output and all that the loss comes back through in K steps (K even) are of that one alone. So plain Picard
 * learns what even-odd Picard of half as many iterations and steps does.
 */
const asEvenOdd = (configuration: Configuration): Configuration => ({
  ...configuration,
  ...EVEN_ODD_PICARD,
  iterations: configuration.iterations / 2,
  steps: configuration.steps / 2,
});

const EVEN_ODD_PICARD = { schedule: 'even-odd', solver: { kind: 'picard', damping: 0 } } as const;

function unrolled(configuration: Configuration): GradientSettings {
  const { schedule, steps, local } = configuration;
  const map = { schedule, ...(local ? { local } : {}), damping: dampingOf(configuration) };
  return { kind: 'unrolled', steps, map };
}

/** One configuration, trained from one seed. */
export type Unit = { readonly configuration: Configuration; readonly seed: number };

/** What tells trainings apart; of those that are told alike one is needed, as far as the longest goes. */
export const trainingKey = (plan: TrainingPlan): string => JSON.stringify(plan);

/**
 * The units of one of so many shards. Those that share a training are in the same one, shorter trainings first, so that longer ones go on
 * from them.
 * @param shard from 1 to `of`
 */
export function unitsOf(
  configurations: readonly Configuration[],
  seeds: readonly number[],
  forward: Forward,
  { shard, of }: { readonly shard: number; readonly of: number },
): readonly Unit[] {
  const groups = new Map<string, Unit[]>();
  for (const seed of seeds)
    for (const configuration of configurations) {
      const key = trainingKey(trainingPlan(configuration, forward, seed));
      const group = groups.get(key) ?? [];
      group.push({ configuration, seed });
      groups.set(key, group);
    }
  return [...groups.values()]
    .filter((_, i) => i % of === shard - 1)
    .flatMap((units) => units.sort((a, b) => a.configuration.epochs - b.configuration.epochs));
}
