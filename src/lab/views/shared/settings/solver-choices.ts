/** What the solver's choices are called, and what each means in a sentence. */
import type { Preset } from '../../../../solve/presets';
import type { Criterion, LocalSolve, Schedule } from '../../../../solve/settings';
import { SOLVERS, type SolverKind } from '../../../../solve/solvers';
import type { Word } from '../../../../solve/solvers/parameter';
import { presetMeans, solverNames } from '../../../actions/outcome';
import type { Told } from '../../../ui/told-choice';

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

const FASTEST_MEANS = `${presetMeans.fastest}: about half of what Anderson takes on a deep trained network, though Picard may need one or two fewer on Dense and Modern.`;

export const solvers: readonly Told<SolverKind | Preset>[] = [
  { value: 'fastest', label: solverNames.fastest, tells: FASTEST_MEANS },
  ...SOLVERS.map(({ kind, name, means }) => ({ value: kind, label: name, tells: means })),
];

/** A parameter's words as choices. */
export const wordChoices = (words: Readonly<Record<string, Word>>): readonly Told[] =>
  Object.entries(words).map(([value, { label, means }]) => ({ value, label, tells: means }));

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

export const localSolveChoices: readonly Told<LocalSolve>[] = [
  { value: 'exact', label: 'Exact', tells: 'each unit goes to the root of s = ρ′(s)·C at once.' },
  {
    value: 'damped',
    label: 'Damped',
    tells: 'each unit takes ten half steps towards s = ρ′(s)·C, as in the paper.',
  },
];
