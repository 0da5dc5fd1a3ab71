/** The settings of a solver, made from its parameters, and when a run is over. */
import { setCriterion, setLocalSolve } from '../../../actions/setup';
import { moduleOf, parameterValue, withParameter, type Solver } from '../../../../solve/solvers';
import type {
  AutoParameter,
  NumberParameter,
  Parameter,
  ParameterValue,
} from '../../../../solve/solvers/parameter';
import type { SolveSettings } from '../../../../solve/settings';
import { localSolves, settingsFor, type Solvable } from '../../../../memory/compatible';
import { criteria, localSolveChoices, wordChoices } from './solver-choices';
import { choiceSetting, numberSetting, type Setting } from './setting';

/** The smallest step from a bound that does not belong to a range. */
const BESIDE = 0.01;

/** The largest number that a field without an upper bound takes. */
const LARGEST = 1;

/** The settings of those parameters that are folded away, or of those that are not. */
export function solverSettings(
  solver: Solver,
  folded: boolean,
  take: (solver: Solver) => void,
): readonly Setting[] {
  return Object.entries(moduleOf(solver.kind).parameters).flatMap(([name, parameter]) => {
    const choose = (value: ParameterValue): void => take(withParameter(solver, name, value));
    return (parameter.folded ?? false) === folded
      ? parameterSettings(parameter, parameterValue(solver, name), choose)
      : [];
  });
}

function parameterSettings(
  parameter: Parameter,
  value: ParameterValue | undefined,
  choose: (value: ParameterValue) => void,
): readonly Setting[] {
  const { label } = parameter;
  if (parameter.type === 'choice')
    return [choiceSetting(label, wordChoices(parameter.words), String(value), choose)];
  if (parameter.type === 'number') return [parameterNumber(label, parameter, Number(value), choose)];
  const fixed = value !== 'auto';
  const way = choiceSetting(label, wordChoices(parameter.words), fixed ? 'fixed' : 'auto', (chosen) =>
    choose(chosen === 'auto' ? 'auto' : parameter.firstFixed),
  );
  return fixed
    ? [way, parameterNumber(`Fixed ${label.toLowerCase()}`, parameter, Number(value), choose)]
    : [way];
}

function parameterNumber(
  label: string,
  { range, hint }: NumberParameter | AutoParameter,
  value: number,
  choose: (value: number) => void,
): Setting {
  const { min, max, without, whole } = range;
  const bounds = {
    min: without === 'min' || without === 'both' ? min + BESIDE : min,
    max: max === Infinity ? LARGEST : without === 'max' || without === 'both' ? max - BESIDE : max,
    whole,
  };
  return numberSetting(label, bounds, value, hint, choose);
}

export const criterionSetting = (criterion: SolveSettings['criterion']): Setting =>
  choiceSetting('Stop when', criteria, criterion ?? 'map', (chosen) => setCriterion({ criterion: chosen }));

/** How the units of a CHN find their best state; null where they do not look for it. */
export function localSolveSetting(of: Solvable, solve: SolveSettings): Setting | null {
  const { local } = settingsFor(of, solve);
  if (!local) return null;
  const offered = localSolves(of, solve);
  const choices = localSolveChoices.map((choice) => ({
    ...choice,
    disabled: !offered.includes(choice.value),
  }));
  return choiceSetting('Local solve', choices, local, setLocalSolve);
}
