/** Which settings go with which associative memory, before any weights are made. */
import { hasLocalRoot } from '../network/local-root';
import { createPlan } from '../solve/plan';
import type { LocalSolve, SolveSettings } from '../solve/settings';
import { cueQuery, dynamicsOf, twoLayers, type AssociativeMemory } from './associative';

/** The memory with one pixel and one unit: its layers are of the same kind, so the same settings go with it. */
const smallest = (memory: AssociativeMemory) => twoLayers(memory, 1, 1, Float32Array.of(1));

/**
 * The ways in which units find their best state under this schedule, the best one first: none for a HAM, whose
 * best state is its drive, and none where units move by the map; 'damped' alone where a unit has no one root.
 * @throws NetworkError on a parameter of the memory that is out of its range.
 */
export function localSolves(
  memory: AssociativeMemory,
  { schedule }: Pick<SolveSettings, 'schedule'>,
): readonly LocalSolve[] {
  if (dynamicsOf(memory) === 'ham' || schedule === 'synchronous') return [];
  const rooted = smallest(memory).layers.every(({ activation }) => hasLocalRoot(activation));
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

/** Why no run can be made of these settings, in the words of the plan that refuses them; null where one can. */
export function conflict(memory: AssociativeMemory, settings: SolveSettings): string | null {
  try {
    const network = smallest(memory);
    createPlan(network, cueQuery(network, Float32Array.of(1), 'best'), settingsFor(memory, settings));
    return null;
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}
