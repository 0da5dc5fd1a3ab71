/** How each configuration of Table 2 is trained, and which of them are trained alike. */
import { MADAM, type GradientSettings } from '../../engine/learning';
import { FASTEST } from '../../solve/presets';
import type { SolveSettings } from '../../solve/settings';
import type { TrainingPlan } from '../../train/training-plan';
import { dampingOf, RATE_EPOCHS, RATES, SIZES, type Configuration } from './configurations';

/**
 * How equilibria are found while a network learns: by the configuration's own T iterations, as in the paper; or by our fastest solver, to a
 * map residual of `SETTLED`, where the gradient is the same to about that, and the same for solvers that share a schedule.
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
    solve: forward === 'paper' ? ownSolve(configuration) : settledSolve(configuration),
    gradient: gradientOf(configuration, forward),
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

const settledSolve = ({ dynamics }: Configuration): SolveSettings => ({
  ...(dynamics === 'ham' ? FASTEST : { schedule: 'even-odd', solver: { kind: 'picard', damping: 0 } }),
  tolerance: SETTLED,
  iterationLimit: LIMIT,
});

/**
 * Recurrent backpropagation through K steps of Picard, whatever the solver. At an equilibrium a HAM's is the series of K terms under even-odd,
 * and of half as many where all layers move at once. A CHN's unit under even-odd is at its root after ten local steps to a thousandth.
 */
function gradientOf(configuration: Configuration, forward: Forward): GradientSettings {
  const { dynamics, schedule, steps, local } = configuration;
  const synchronous = schedule === 'synchronous';
  if (forward === 'paper' || (dynamics === 'chn' && synchronous)) {
    const map = { schedule, ...(local ? { local } : {}), damping: dampingOf(configuration) };
    return { kind: 'unrolled', steps, map };
  }
  return { kind: 'series', terms: synchronous ? steps / 2 : steps };
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
