/** The sentence above Classify's stage, piece by piece. Pure. */
import type { Network } from '../../../network/network';
import type { ModelRun } from '../../../records/run-record';
import { scheduleNames, solverNames } from '../../actions/outcome';
import { layeredWords } from '../stage/lanes';
import type { ModelLane } from '../stage/stage-state';
import { cueWords } from '../stage/words';
import type { CueState, ModelCard } from '../../store';

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

function chainWords(dynamics: Network['dynamics'], layers: number): string {
  return `${NUMBERS[layers] ?? layers}-layer ${dynamics.toUpperCase()}`;
}

const unitsOf = ({ sizes }: Pick<ModelCard, 'sizes'>): number => sizes.reduce((sum, units) => sum + units, 0);

/** "three-layer HAM"; "small three-layer HAM" where there is a larger one of as many layers among those that come with the lab. */
export function modelWords(card: ModelCard, models: readonly ModelCard[]): string {
  const { dynamics, sizes } = card;
  const words = chainWords(dynamics, sizes.length);
  const larger = models.some(
    (other) =>
      !other.own &&
      chainWords(other.dynamics, other.sizes.length) === words &&
      unitsOf(other) > unitsOf(card),
  );
  return larger && !card.own ? `small ${words}` : words;
}

/** "three-layer HAM" */
export const networkWords = ({ dynamics, layers }: Network): string => chainWords(dynamics, layers.length);

/** "784 · 1,990 · 10" */
export const sizeWords = (sizes: readonly number[]): string =>
  sizes.map((units) => units.toLocaleString('en')).join(' · ');

const STARTS: Readonly<Record<ModelRun['start'] | 'doubt', string>> = {
  zero: 'from zero',
  forward: 'from a pass upward',
  learned: 'from a learned start',
  last: 'from the last equilibrium',
  doubt: 'from zero, for its start is in doubt',
};

/** Where a lane began; a learned start that is in doubt (`network/learned.ts`) leaves every unit of a layer at the same. */
function startOf({ activities, record }: ModelLane): ModelRun['start'] | 'doubt' {
  if (record?.start !== 'learned') return record?.start ?? 'zero';
  const free = activities.get(0)?.slice(1) ?? [];
  const alike = free.length > 0 && free.every((rho) => rho.every((value) => value === rho[0]));
  return alike ? 'doubt' : 'learned';
}

/** "L-BFGS from a learned start": what a lane does, in a few words. That it begins at zero goes without saying, but for Fastest. */
export function wayWords(run: ModelLane): string {
  const { lane, record } = run;
  const start = startOf(run);
  if (lane.preset === null) {
    const how = layeredWords[lane.schedule];
    return start === 'zero' ? how : `${how}, ${STARTS[start]}`;
  }
  return record ? `${solverNames[record.settings.solver.kind]} ${STARTS[start]}` : '';
}

/** The same at length: "even-odd · L-BFGS with the learned curvature, from a learned start". */
export function wayTitle(run: ModelLane): string {
  if (!run.record) return '';
  const { schedule, solver, curvature } = run.record.settings;
  const curved = curvature ? ' with the learned curvature' : '';
  return `${scheduleNames[schedule]} · ${solverNames[solver.kind]}${curved}, ${STARTS[startOf(run)]}`;
}

/** "this digit", or what has been done to it. */
export function digitWords(digit: CueState): string {
  const damaged = digit.corruption !== null && digit.corruption.amount > 0;
  const masked = digit.corruption === null && digit.intact !== null;
  return damaged || masked ? `this digit, ${cueWords(digit)}` : 'this digit';
}
