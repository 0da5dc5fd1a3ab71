/** Lanes: ways to the equilibrium that the stage shows side by side, and the sets of them that are worth seeing. */
import { FASTEST, type Preset } from '../../../solve/presets';
import type { Schedule } from '../../../solve/schedule';
import type { NamedStart } from '../../../solve/starting-point';
import { scheduleNames, solverNames } from '../../actions/outcome';
import { initialSolvers, SOLVERS, type Solver, type SolverKind } from '../../../solve/solvers';

export type Lane = {
  /** Told from all others for as long as the page is open. */
  readonly id: string;
  readonly name: string;
  /** Its place in the palette of the charts. */
  readonly style: number;
  readonly schedule: Schedule;
  readonly solver: Solver;
  /** The name under which schedule and solver were chosen together, where they were. */
  readonly preset: Preset | null;
  /**
   * Where the free layers of a trained network begin, see `startFor`. Fastest from 'learned' takes the learned curvature as well. Memories of a
   * set have nothing of the kind.
   */
  readonly start: NamedStart;
};

export type LaneChoice = Omit<Lane, 'id'>;

export const MOST_LANES = 6;

/** The longest name of a lane, in characters. */
export const LONGEST_LANE_NAME = 40;

/** As the bench names them, each with a capital. */
export const scheduleTitles = Object.fromEntries(
  Object.entries(scheduleNames).map(([schedule, name]) => [
    schedule,
    name.charAt(0).toUpperCase() + name.slice(1),
  ]),
) as Readonly<Record<Schedule, string>>;

/** How the units move, in a few words. The networks here have two layers: the picture, and the memory units. */
export const scheduleWords: Readonly<Record<Schedule, string>> = {
  synchronous: 'All units at once',
  'even-odd': 'Memory units, then pixels',
  coloured: 'Layers of a colour at once',
  'sweep-up': 'Layer by layer, upwards',
  'sweep-down': 'Layer by layer, downwards',
  'sweep-up-down': 'Upwards and downwards in turn',
};

/** The same where there are more layers than two. */
export const layeredWords: Readonly<Record<Schedule, string>> = {
  ...scheduleWords,
  'even-odd': 'Odd layers, then even ones',
};

const STYLES: Readonly<Record<Schedule, number>> = {
  synchronous: 1,
  'even-odd': 0,
  coloured: 3,
  'sweep-up': 4,
  'sweep-down': 5,
  'sweep-up-down': 6,
};

/** What a lane is called unless a person names it. */
export function laneName({ schedule, solver, preset }: Pick<Lane, 'schedule' | 'solver' | 'preset'>): string {
  if (preset !== null) return solverNames[preset];
  const title = scheduleTitles[schedule];
  return solver.kind === 'picard' ? title : `${title} + ${solverNames[solver.kind]}`;
}

/** Where a lane begins unless a person has chosen. */
export const startOf = (preset: Preset | null): NamedStart => (preset === null ? 'zero' : 'learned');

/** A lane with its solver's first settings. */
function lane(schedule: Schedule, kind: SolverKind = 'picard', style = STYLES[schedule]): LaneChoice {
  const choice = { schedule, solver: initialSolvers[kind], preset: null };
  return { name: laneName(choice), style, ...choice, start: 'zero' };
}

export const FASTEST_LANE: LaneChoice = {
  name: solverNames.fastest,
  style: 2,
  ...FASTEST,
  preset: 'fastest',
  start: 'learned',
};

export type LaneSet = {
  readonly name: string;
  /** How the sentence above the stage calls it. */
  readonly words: string;
  readonly hint: string;
  readonly lanes: readonly LaneChoice[];
};

export const THREE_WAYS: readonly LaneChoice[] = [lane('synchronous'), lane('even-odd'), FASTEST_LANE];

export const LANE_SETS: readonly LaneSet[] = [
  {
    name: 'Three ways',
    words: 'three ways',
    hint: 'As usual, with the paper’s even-odd schedule, and as fast as we know.',
    lanes: THREE_WAYS,
  },
  {
    name: 'The paper’s four',
    words: 'the paper’s four ways',
    hint: 'Both schedules, each without and with Anderson acceleration.',
    lanes: [
      lane('synchronous'),
      lane('synchronous', 'anderson', 3),
      lane('even-odd'),
      lane('even-odd', 'anderson', 2),
    ],
  },
  {
    name: 'Every schedule',
    words: 'under every schedule',
    hint: 'Six orders in which the layers move, by the plain iteration.',
    lanes: (Object.keys(scheduleTitles) as Schedule[]).map((schedule) => lane(schedule)),
  },
  {
    name: 'Every solver',
    words: 'with every solver',
    hint: 'The even-odd schedule under the plain iteration and all that accelerate it.',
    lanes: SOLVERS.map(({ kind, name }, style) => ({ ...lane('even-odd', kind, style), name })),
  },
  {
    name: 'Just one',
    words: 'one way',
    hint: 'The fastest, by itself.',
    lanes: [FASTEST_LANE],
  },
];

let lanesMade = 0;

/** The lanes of a choice, each with an identity of its own. */
export function makeLanes(choices: readonly LaneChoice[]): readonly Lane[] {
  return choices.slice(0, MOST_LANES).map((choice) => ({ ...choice, id: `lane-${++lanesMade}` }));
}

const told = ({ name, style, schedule, solver, preset, start }: LaneChoice): string =>
  JSON.stringify([name, style, schedule, solver, preset, start]);

/** The set that these lanes are; undefined where a person has changed them. */
export function laneSetOf(lanes: readonly Lane[]): LaneSet | undefined {
  return LANE_SETS.find(
    (set) =>
      set.lanes.length === lanes.length &&
      set.lanes.every((choice, i) => {
        const other = lanes[i];
        return other && told(choice) === told(other);
      }),
  );
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six'];

/** "three ways", as the sentence above the stage says it. */
export function laneWords(lanes: readonly Lane[]): string {
  const number = NUMBERS[lanes.length] ?? String(lanes.length);
  return laneSetOf(lanes)?.words ?? `${number} ${lanes.length === 1 ? 'way' : 'ways'}`;
}

/** The place in the palette that fewest of these lanes have. */
export function freeStyle(lanes: readonly Lane[], styles: number): number {
  const uses = Array.from({ length: styles }, (_, style) => lanes.filter((l) => l.style === style).length);
  return uses.indexOf(Math.min(...uses));
}

/** Lanes of these ways, each in a colour of its own: the first of a schedule in the one that its schedule always has. */
export function sideBySide(
  ways: readonly { readonly schedule: Schedule; readonly solver: SolverKind }[],
  styles: number,
): readonly Lane[] {
  const lanes = makeLanes(ways.map(({ schedule, solver }) => lane(schedule, solver)));
  const free = Array.from({ length: styles }, (_, style) => style).filter(
    (style) => !lanes.some((each) => each.style === style),
  );
  return lanes.map((each, i) => {
    const first = lanes.findIndex(({ style }) => style === each.style) === i;
    return first ? each : { ...each, style: free.shift() ?? each.style };
  });
}
