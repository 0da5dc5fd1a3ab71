/**
 * What the paper's Table 2 compares (Goemaere et al. 2024, pp. 8, 18–19): networks, how they are solved in training and in testing, and what
 * it found. `docs/paper.md` sets ours beside it.
 */
import type { Dynamics } from '../../network/network';
import type { LocalSolve, Schedule, Solver } from '../../solve/settings';

export type Layers = 3 | 5 | 7;

export type Configuration = {
  /** As `--only` takes it. */
  readonly name: string;
  /** As the paper calls it. */
  readonly title: string;
  readonly layers: Layers;
  readonly dynamics: Dynamics;
  readonly schedule: Schedule;
  readonly local?: LocalSolve;
  readonly solver: Solver;
  /** T: iterations in testing, and in training where those are fixed. */
  readonly iterations: number;
  /** K: further steps that the gradient goes back through. */
  readonly steps: number;
  readonly epochs: number;
  /** State updates within one iteration, as the paper counts them for its speed-up. */
  readonly updates: number;
  /** Null for what the paper does not have. */
  readonly paper: PaperRow | null;
  /** Whose weights it takes, where not its own. */
  readonly trainedAs?: Configuration;
};

export type PaperRow = {
  readonly iterations: Spread;
  /** As it is printed. */
  readonly speedUp: number;
  /** Percent. */
  readonly accuracy: Spread;
};

/** Mean and deviation over five runs. */
export type Spread = readonly [mean: number, deviation: number];

export const SIZES: Readonly<Record<Layers, readonly number[]>> = {
  3: [784, 1990, 10],
  5: [784, 1280, 510, 200, 10],
  7: [784, 1024, 512, 256, 128, 70, 10],
};

/** Of the first epoch. */
export const RATES: Readonly<Record<Layers, number>> = { 3: 0.01, 5: 0.005, 7: 0.005 };

/** Epochs over which the rate falls to a tenth, however many are trained. */
export const RATE_EPOCHS = 10;

/** Residuals below which a state counts as found in Table 2; Figures 3 and 4 have their own. */
export const TABLE_TOLERANCE = 1e-4;

type Way = Pick<Configuration, 'title' | 'schedule' | 'solver'>;

const picard = (damping: number): Solver => ({ kind: 'picard', damping });
const anderson = (damping: number): Solver => ({
  kind: 'anderson',
  window: 4,
  ridge: 1e-10,
  safeguard: 'step',
  damping,
});

const WAYS: readonly (Way & { readonly suffix: string })[] = [
  { suffix: '', title: '', schedule: 'synchronous', solver: picard(0) },
  { suffix: '-deq', title: '-DEQ', schedule: 'synchronous', solver: anderson(0) },
  { suffix: '-eo', title: '-EO', schedule: 'even-odd', solver: picard(0) },
  { suffix: '-eo-deq', title: '-EO-DEQ', schedule: 'even-odd', solver: anderson(0) },
];

type Found = readonly [iterations: Spread, speedUp: number, accuracy: Spread];

const HAM: Readonly<Record<Layers, readonly Found[]>> = {
  3: [
    [[11.9, 0.4], 1, [97.9, 0.0]],
    [[9.9, 0.3], 1.2, [97.9, 0.1]],
    [[8.0, 0.2], 1.5, [97.9, 0.1]],
    [[6.6, 0.2], 1.8, [97.9, 0.1]],
  ],
  5: [
    [[36.0, 1.8], 1, [97.1, 0.1]],
    [[33.0, 0.6], 1.1, [97.1, 0.2]],
    [[18.3, 0.5], 2, [97.1, 0.1]],
    [[17.7, 0.3], 2, [97.1, 0.1]],
  ],
  7: [
    [[67.1, 2.9], 1, [95.6, 0.2]],
    [[56.0, 1.4], 1.2, [95.6, 0.1]],
    [[32.2, 0.8], 2.1, [95.5, 0.2]],
    [[31.0, 1.0], 2.2, [95.5, 0.2]],
  ],
};

/** For each pair of layers behind the input. */
const ITERATIONS = 40;
const STEPS = 8;

const hams = (layers: Layers): readonly Configuration[] =>
  WAYS.map(({ suffix, title, schedule, solver }, i) => {
    const [iterations, speedUp, accuracy] = HAM[layers][i] ?? [[NaN, NaN], NaN, [NaN, NaN]];
    const pairs = Math.floor(layers / 2);
    return {
      name: `ham${suffix}-${layers}`,
      title: `HAM${title}`,
      layers,
      dynamics: 'ham',
      schedule,
      solver,
      iterations: ITERATIONS * pairs,
      steps: STEPS * pairs,
      epochs: 10,
      updates: 1,
      paper: { iterations, speedUp, accuracy },
    };
  });

/** The plain network's way on the weights of HAM-EO, which tells what the schedule does by itself. */
const plainOnEvenOdd = (layers: Layers): readonly Configuration[] => {
  const [plain, , trainedAs] = hams(layers);
  return plain && trainedAs
    ? [
        {
          ...plain,
          name: `ham-on-eo-${layers}`,
          title: 'HAM on the weights of HAM-EO',
          trainedAs,
          paper: null,
        },
      ]
    : [];
};

const chn = (
  name: string,
  title: string,
  how: Pick<Configuration, 'schedule' | 'local' | 'solver' | 'epochs'>,
  [iterations, speedUp, accuracy]: Found,
): Configuration => {
  const evenOdd = how.schedule === 'even-odd';
  return {
    name,
    title,
    layers: 3,
    dynamics: 'chn',
    ...how,
    iterations: evenOdd ? ITERATIONS : 2 * ITERATIONS,
    steps: evenOdd ? STEPS : 2 * STEPS,
    // Ten damped local steps in each half.
    updates: evenOdd ? 20 : 1,
    paper: { iterations, speedUp, accuracy },
  };
};

const damped = { schedule: 'synchronous', solver: picard(0.5) } as const;
const evenOdd = { schedule: 'even-odd', local: 'damped', epochs: 10 } as const;

export const CONFIGURATIONS: readonly Configuration[] = [
  chn('chn-long-3', 'CHN (10 epochs)', { ...damped, epochs: 10 }, [[75.5, 2.1], 0.5, [97.9, 0.1]]),
  chn('chn-3', 'CHN (3 epochs)', { ...damped, epochs: 3 }, [[39.1, 3.8], 1, [97.0, 0.2]]),
  chn('chn-deq-3', 'CHN-DEQ', { schedule: 'synchronous', solver: anderson(0.5), epochs: 4 }, [
    [20.6, 0.2],
    1.9,
    [97.2, 0.3],
  ]),
  chn('chn-eo-3', 'CHN-EO', { ...evenOdd, solver: picard(0) }, [[16.8, 0.5], 0.1, [97.1, 0.1]]),
  chn('chn-eo-deq-3', 'CHN-EO-DEQ', { ...evenOdd, solver: anderson(0) }, [[16.2, 1.0], 0.1, [97.1, 0.2]]),
  ...hams(3),
  ...hams(5),
  ...hams(7),
  ...plainOnEvenOdd(3),
  ...plainOnEvenOdd(5),
  ...plainOnEvenOdd(7),
];

/** What speed-ups are told against: the plain network of as many layers, trained as the paper's base was. */
export const baseOf = ({ dynamics, layers }: Configuration): string => `${dynamics}-${layers}`;

/** The share of the old state that stays in a move, by which the authors' training callback multiplies counts, as 1 − damping. */
export const dampingOf = ({ solver }: Configuration): number => ('damping' in solver ? solver.damping : 0);
