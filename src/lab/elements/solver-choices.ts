/** What the solver's choices are called, and what each means in a sentence. */
import type { Preset } from '../../solve/presets';
import type {
  Criterion,
  FirstScale,
  LocalSolve,
  RidgeScale,
  Safeguard,
  Schedule,
  Solver,
} from '../../solve/settings';
import { solverNames } from '../actions/outcome';
import type { Told } from './told-choice';

export const schedules: readonly Told<Schedule>[] = [
  {
    value: 'synchronous',
    label: 'Synchronous',
    tells: 'both layers at once, each from the old state of the other.',
  },
  {
    value: 'even-odd',
    label: 'Even-odd',
    tells: 'memory units first, then pixels from them, in about half the iterations.',
  },
  {
    value: 'coloured',
    label: 'Coloured',
    tells: 'group after group, no two neighbours in one; of two layers, pixels go first.',
  },
  { value: 'sweep-up', label: 'Sweep up', tells: 'layer after layer, from the pixels upward.' },
  { value: 'sweep-down', label: 'Sweep down', tells: 'layer after layer, down to the pixels.' },
  {
    value: 'sweep-up-down',
    label: 'Sweep up and down',
    tells:
      'upward and downward in turn; the layer where it turns learns nothing new, which costs iterations.',
  },
];

const tells: Readonly<Record<Solver['kind'] | Preset, string>> = {
  fastest:
    'L-BFGS with a window of 5 under even-odd: about half of what Anderson takes on a deep trained network, though Picard may need one or two fewer on Dense and Modern.',
  picard: 'moves each unit to where the map sends it, less the damping.',
  anderson: 'mixes the last few outputs of the map so that their residuals cancel.',
  relaxation: 'goes beyond where the map sends a unit, by ω; it pays where layers take turns.',
  'barzilai-borwein': 'steps downhill, each as long as the last change of state and slope suggests.',
  lbfgs: 'steps downhill along a curvature learned from the last few changes.',
};

export const solvers: readonly Told<Solver['kind'] | Preset>[] = (
  ['fastest', 'picard', 'anderson', 'relaxation', 'barzilai-borwein', 'lbfgs'] as const
).map((value) => ({ value, label: solverNames[value], tells: tells[value] }));

export const criteria: readonly Told<Criterion>[] = [
  {
    value: 'map',
    label: 'Map residual',
    tells:
      'below the tolerance is how far one more iteration would move the state; no short step can fool it.',
  },
  {
    value: 'step',
    label: 'Step residual',
    tells: 'below the tolerance is how far the last iteration moved the state, which damping makes small.',
  },
  {
    value: 'paper',
    label: "Paper's protocol",
    tells: 'the step residual between outputs of the map, looked at from the third on.',
  },
];

export const ridgeScales: readonly Told<RidgeScale>[] = [
  { value: 'absolute', label: 'Absolute', tells: 'the ridge is added as it is (the paper’s).' },
  {
    value: 'trace',
    label: 'Relative',
    tells: 'the ridge counts times the trace of the matrix, so that the size of the states does not matter.',
  },
];

export const safeguards: readonly Told<Safeguard>[] = [
  {
    value: 'step',
    label: 'Step',
    tells: 'takes a mixed point whose step is shorter than the last (the paper’s).',
  },
  {
    value: 'residual',
    label: 'Residual',
    tells: 'takes a mixed point back when the true residual has risen.',
  },
  { value: 'none', label: 'None', tells: 'takes every mixed point.' },
];

export const localSolveChoices: readonly Told<LocalSolve>[] = [
  { value: 'exact', label: 'Exact', tells: 'each unit goes to the root of s = ρ′(s)·C at once.' },
  {
    value: 'damped',
    label: 'Damped',
    tells: 'each unit takes ten half steps towards s = ρ′(s)·C, as in the paper.',
  },
];

export const relaxations: readonly Told<'auto' | 'fixed'>[] = [
  { value: 'auto', label: 'Adapted', tells: 'ω follows the contraction that the run shows.' },
  { value: 'fixed', label: 'Fixed', tells: 'below 1 damps, 1 is Picard, above 1 goes further.' },
];

export const firstScales: readonly Told<FirstScale>[] = [
  {
    value: 'fitted',
    label: 'Fitted',
    tells: 'until a curvature is known, steps are as long as the last change allows.',
  },
  { value: 'fixed', label: 'Fixed', tells: 'until a curvature is known, steps are 1.5 times the residual.' },
];
