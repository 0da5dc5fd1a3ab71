/** Which settings go with which associative memory, before any weights are made. */
import { hasLocalRoot } from '../network/local-root';
import { layerFault } from '../network/network';
import { refusalOf } from '../solve/refusal';
import type { LocalSolve, SolveSettings } from '../solve/settings';
import { dynamicsOf, shapeOf, type AssociativeMemory } from './associative';

/**
 * The ways in which units find their best state under this schedule, the best one first: none for a HAM, whose
 * best state is its drive, and none where units move by the map; 'damped' alone where a unit has no one root.
 */
export function localSolves(
  memory: AssociativeMemory,
  { schedule }: Pick<SolveSettings, 'schedule'>,
): readonly LocalSolve[] {
  if (dynamicsOf(memory) === 'ham' || schedule === 'synchronous') return [];
  const rooted = shapeOf(memory).layers.every(({ activation }) => hasLocalRoot(activation));
  return rooted ? ['exact', 'damped'] : ['damped'];
}

/** The settings as they apply: without a local solve where there is none, and with one that there is. */
export function settingsFor(memory: AssociativeMemory, settings: SolveSettings): SolveSettings {
  const { local = 'exact', ...rest } = settings;
  const choices = localSolves(memory, settings);
  const [best] = choices;
  if (best === undefined) return rest;
  return { ...rest, local: choices.includes(local) ? local : best };
}

/** Why no run can be made of these settings, as a sentence; null where one can. */
export function conflict(memory: AssociativeMemory, settings: SolveSettings): string | null {
  const shape = shapeOf(memory);
  for (const layer of shape.layers) {
    const fault = layerFault(shape.dynamics, layer);
    if (fault !== null) return fault;
  }
  return refusalOf(shape, settingsFor(memory, settings));
}
