/** Why there is no run of these settings, from the shape of the network alone: no plan is made, and nothing is thrown. */
import { noExactSolveText } from '../network/dynamics';
import { hasLocalRoot } from '../network/local-root';
import { twoColours, type NetworkShape } from '../network/network';
import { oddCycleText } from './schedule';
import { settingsFault, unitUpdateOf, type SolveSettings } from './settings';
import { missingFor, moduleOf } from './solvers';

/**
 * What is wrong, as a sentence that says what would be right; null where a run can be made.
 * @param clamped whether each layer is clamped whole; where it is absent, none is
 */
export function refusalOf(
  shape: NetworkShape,
  settings: SolveSettings,
  clamped: readonly boolean[] = [],
): string | null {
  return (
    settingsFault(settings) ??
    scheduleFault(shape, settings) ??
    unitFault(shape, settings, clamped) ??
    solverFault(shape, settings, clamped)
  );
}

function scheduleFault(shape: NetworkShape, { schedule }: SolveSettings): string | null {
  if (schedule !== 'even-odd') return null;
  const found = twoColours(shape);
  return 'oddCycle' in found ? oddCycleText(found.oddCycle) : null;
}

function unitFault(
  { dynamics, layers }: NetworkShape,
  settings: SolveSettings,
  clamped: readonly boolean[],
): string | null {
  if (dynamics === 'ham' || unitUpdateOf(settings) !== 'exact') return null;
  const rootless = layers.find(({ activation }, l) => !clamped[l] && !hasLocalRoot(activation));
  return rootless ? noExactSolveText(rootless) : null;
}

function solverFault(
  shape: NetworkShape,
  { solver, schedule }: SolveSettings,
  clamped: readonly boolean[],
): string | null {
  const { needs, name } = moduleOf(solver.kind);
  if (needs === 'nothing') return null;
  const missing = missingFor(solver.kind, { dynamics: shape.dynamics, schedule });
  if (missing !== null) {
    return `${name} descends the energy that is left when the odd layers are at their best: it needs ${missing}`;
  }
  const found = twoColours(shape);
  const coupled = shape.layers.find(
    ({ activation }, l) =>
      !clamped[l] && activation.kind === 'softmax' && 'colours' in found && found.colours[l] === 0,
  );
  return coupled
    ? `${name} needs a slope ρ′ for each unit by itself, which softmax has not: layer ${coupled.name} is softmax and even`
    : null;
}
