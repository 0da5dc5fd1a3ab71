/** Which layers move in an iteration of a lane, and in what order: the plan that the engine performs, in words. Pure. */
import { createPlan, type Step } from '../../../solve/plan';
import type { SolveSettings } from '../../../solve/settings';
import { solverNames } from '../../actions/outcome';
import { listed } from './alarms';
import type { LaneRun } from './stage-state';

export type Turns = {
  /** Layers that move at once, first to last. */
  readonly groups: readonly (readonly number[])[];
  /** Layers that a solver which looks back moves on at the end; empty for all others. */
  readonly accelerated: readonly number[];
};

/** How a person calls the layers of an associative memory; others have their own names. */
const LAYER_WORDS: Readonly<Record<string, string>> = { visible: 'pixels', memory: 'memory units' };

export const layerWords = (name: string): string => LAYER_WORDS[name] ?? name;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function turnsIn(steps: readonly Step[]): Turns {
  return {
    groups: steps.flatMap((step) => (step.kind === 'update' && !step.measureOnly ? [step.layers] : [])),
    accelerated: steps.flatMap((step) => (step.kind === 'accelerate' ? step.layers : [])),
  };
}

/** The turns of each iteration of the schedule's period: the iteration that leads to state t has entry (t − 1) mod their number. */
export function turnsOf(
  { network, query }: Pick<LaneRun, 'network' | 'query'>,
  settings: SolveSettings,
): readonly Turns[] {
  return createPlan(network, query, settings).iterations.map(turnsIn);
}

/** "memory units move first, then pixels, each from the newest states". */
export function turnWords(
  { groups, accelerated }: Turns,
  layers: readonly { readonly name: string }[],
  { solver }: SolveSettings,
): string {
  const names = (group: readonly number[]): string =>
    listed(group.map((l) => layerWords(layers[l]?.name ?? String(l))));
  const [first = [], ...others] = groups;
  const order =
    others.length === 0
      ? `${names(first)} move at once, each from the old state of its neighbours`
      : `${names(first)} move first, ${others.map((group) => `then ${names(group)}`).join(', ')}, each from the newest states`;
  return accelerated.length === 0
    ? order
    : `${order}; then ${solverNames[solver.kind]} moves the ${names(accelerated)} on`;
}
