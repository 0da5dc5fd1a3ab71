/** The race over many digits: those of the file that is open, or such as the lab draws from strokes. */
import { strokeDigit } from '../../../data/stroke-digits';
import { amountsFromNone } from '../../../experiments/race/cues';
import { digitQuery, isRead, type LabelledDigit } from '../../../experiments/race/digits';
import type { EngineKind } from '../../../engine/engine';
import { isElsewhere } from '../../../network/distance';
import type { CorruptionKind } from '../../../patterns/corrupt';
import { DIGIT_SIDE } from '../../../patterns/place-digit';
import { initialSolvers } from '../../../solve/solvers';
import { loadModel } from '../../actions/models';
import { messageOf, notify } from '../../actions/notices';
import { digitAt } from '../../services/digit-file';
import { store, type LabState } from '../../store';
import { openRace } from '../stage/elements/race-dialog';
import type { Lane } from '../stage/lanes';
import type { Ask, RaceSource } from '../stage/race/race';
import type { LanePlan } from '../stage/run-lanes';
import { lanePlan } from './source';
import { networkWords, sizeWords } from './words';

const HARD: Readonly<Record<CorruptionKind, number>> = {
  flip: 0.2,
  gaussian: 0.6,
  'erase-block': 0.4,
  'hide-half': 0.5,
};

/** A race that ends within half a minute on the CPU. */
const FIRST = { levels: 5, digits: 40 } as const;

/** What all lanes are compared with. */
const EVEN_ODD = {
  schedule: 'even-odd',
  solver: initialSolvers.picard,
  preset: null,
  start: 'zero',
} as const;

/** Digits that the lab draws from strokes: those with an odd number, which no network was trained on. */
const FROM_STROKES = 10_000;

const drawn = (item: number): LabelledDigit => {
  const { picture, label } = strokeDigit(2 * item + 1);
  const values = picture.map((ink) => 2 * ink - 1);
  return { picture: { width: DIGIT_SIDE, height: DIGIT_SIDE, values }, label };
};

/** What is raced over: how many digits there are, which, and what they are called. */
function digitsOf({ digits }: LabState) {
  if (!digits) return { count: FROM_STROKES, of: drawn, from: 'digits from strokes', problem: null };
  const { file } = digits;
  const { labels } = file;
  return {
    count: file.count,
    of: (item: number): LabelledDigit => ({ picture: digitAt(file, item), label: labels?.[item] ?? -1 }),
    from: file.name,
    problem: labels
      ? null
      : `${file.name} has no labels: open the file of labels with it, to tell what was read right.`,
  };
}

/**
 * The lanes over many digits, on the first network where there are two.
 * @throws ModelError where the network cannot be had
 */
async function classifyRace(state: LabState, signal: AbortSignal): Promise<RaceSource> {
  const id = state.classify.models[0] ?? '';
  const network = await loadModel(id, () => undefined, signal);
  const { count, of, from, problem } = digitsOf(state);
  const { solve } = state;
  const { kind, seed } = state.digitDamage;
  const planOf = (lane: Lane, engine: EngineKind): LanePlan =>
    lanePlan({ solve, lane }, network, { held: true, rested: false }, engine);
  const plans = (engine: EngineKind): readonly LanePlan[] => state.lanes.map((lane) => planOf(lane, engine));
  const [lane] = state.lanes;
  const first: Ask = {
    ...{ items: Math.min(FIRST.digits, count), kind, most: HARD[kind], levels: FIRST.levels, seeds: 1 },
  };
  return {
    title: 'Race over many digits',
    about:
      'Every digit is read undamaged and damaged more at each level, once for each seed, and every lane reads all of them. You see where their residuals are at each iteration, how many are read right the more they are damaged, and how many end at another equilibrium than even-odd from zero does.',
    ...{ item: 'digit', items: 'digits', count, right: 'Read right', reference: 'even-odd from zero' },
    preparing: 'Damaging digits',
    caption: `${from}, ${networkWords(network)} ${sizeWords(network.layers.map(({ units }) => units))}`,
    ...{ first, hard: HARD, seed, mostCues: 1000 },
    amounts: ({ most, levels }) => amountsFromNone(most, levels),
    // Which engine it is makes no lane impossible.
    ...{ solve, plans: plans('cpu'), problem },
    build: async (cues, _, pause) => ({
      network,
      query: await digitQuery(network, of, cues, pause),
      plans,
      ends: [network.layers.length - 1],
      isRight: isRead(of, cues),
      isElsewhere: (states, reference, sample) => isElsewhere(network, states, reference, sample),
      ...(lane ? { reference: planOf({ ...lane, ...EVEN_ODD }, 'cpu') } : {}),
    }),
  };
}

/** Opens the race, or says why there is none. */
export async function openDigitRace(): Promise<void> {
  try {
    openRace(await classifyRace(store.getState(), new AbortController().signal));
  } catch (error) {
    notify('error', `There can be no race: ${messageOf(error)}`);
  }
}
