/** Which settings go with which network, an associative memory before any weights are made or another. */
import { hasLocalRoot } from '../network/local-root';
import { layerFault, type NetworkShape } from '../network/network';
import { refusalOf } from '../solve/refusal';
import type { LocalSolve, SolveSettings } from '../solve/settings';
import { shapeOf, type AssociativeMemory } from './associative';

/** What settings go with or do not. */
export type Solvable = AssociativeMemory | NetworkShape;

const shapeFor = (of: Solvable): NetworkShape => ('kind' in of ? shapeOf(of) : of);

/**
 * The ways in which units find their best state under this schedule, the best one first: none for a HAM, whose
 * best state is its drive, and none where units move by the map; 'damped' alone where a unit has no one root.
 */
export function localSolves(
  of: Solvable,
  { schedule }: Pick<SolveSettings, 'schedule'>,
): readonly LocalSolve[] {
  const { dynamics, layers } = shapeFor(of);
  if (dynamics === 'ham' || schedule === 'synchronous') return [];
  const rooted = layers.every(({ activation }) => hasLocalRoot(activation));
  return rooted ? ['exact', 'damped'] : ['damped'];
}

/** The settings as they apply: without a local solve where there is none, and with one that there is. */
export function settingsFor(of: Solvable, settings: SolveSettings): SolveSettings {
  const { local = 'exact', ...rest } = settings;
  const choices = localSolves(of, settings);
  const [best] = choices;
  if (best === undefined) return rest;
  return { ...rest, local: choices.includes(local) ? local : best };
}

/** Why no run can be made of these settings, as a sentence; null where one can. */
export function conflict(of: Solvable, settings: SolveSettings): string | null {
  const shape = shapeFor(of);
  for (const layer of shape.layers) {
    const fault = layerFault(shape.dynamics, layer);
    if (fault !== null) return fault;
  }
  return refusalOf(shape, settingsFor(of, settings));
}
