/** The lab's one store: everything a person has chosen, drawn and run, as one typed object. */
import { createStore } from 'zustand/vanilla';
import type { Lesson } from '../experiments/lessons';
import type { Preference } from '../engine/choose';
import type { EngineInfo } from '../engine/engine';
import type { Floats } from '../numbers/floats';
import type { ModelRun, RunRecord } from '../records/run-record';
import type { Corruption } from '../patterns/corrupt';
import type { MemorySet, Picture } from '../patterns/picture';
import { blankPicture } from '../patterns/edit';
import { DIGIT_SIDE } from '../patterns/place-digit';
import type { Stroke } from '../patterns/strokes';
import { FASTEST, type Preset } from '../solve/presets';
import { initialSolvers, type SolverChoices } from '../solve/solvers';
import type { Solver, SolveSettings } from '../solve/settings';
import { dynamicsOf, type AssociativeKind, type AssociativeMemory } from '../memory/associative';
import type { Dynamics } from '../network/network';
import { settingsFor } from '../memory/compatible';
import type { Verdict } from '../memory/verdict';
import { parameters } from '../memory/parameters';
import type { AxisKind } from './charts/axis';
import type { DigitFile } from './services/read-digits';
import type { ResidualView } from './charts/measure';
import { THREE_WAYS, makeLanes, type Lane } from './views/stage/lanes';
import { emptyStage, type StageState } from './views/stage/stage-state';

export type LabSet = {
  readonly id: string;
  readonly origin: 'built-in' | 'own';
  readonly set: MemorySet;
};

export type CueState = {
  readonly picture: Picture;
  /** The picture without its damage; damage always starts from here. */
  readonly clean: Picture;
  /** The memory that it was made from, if any. */
  readonly memory: string | null;
  readonly corruption: Corruption | null;
  /** [pixels], 1 where the corruption or the mask left the picture alone; null without either. */
  readonly intact: Uint8Array | null;
  /** Drawn on since it was chosen. */
  readonly edited: boolean;
  /** What it was drawn with on empty paper; null where it was not, as for a memory. */
  readonly strokes: readonly Stroke[] | null;
};

/** Recall’s stage, which the lab opens on; a trained network’s; or the bench, where every setting lies open. */
export type View = 'stage' | 'classify' | 'bench';

/** `mask` marks pixels as missing. */
export type Tool = 'draw' | 'erase' | 'mask';
export type Theme = 'system' | 'light' | 'dark';

/** A memory of each kind, so that switching kinds keeps each one's parameters. */
export type MemoryChoices = {
  readonly [K in AssociativeKind]: Extract<AssociativeMemory, { kind: K }>;
};

/** Where memory units start: `last` is the last equilibrium of the network, see `lab/last-equilibrium.ts`. */
export type MemoryStartChoice = 'best' | 'zero' | 'last';

export type LabRun = {
  readonly id: number;
  readonly record: RunRecord;
  /** While a run that had ended is done again: what it was. */
  readonly before?: RunRecord;
  readonly hidden: boolean;
  /** Which colour and dash pattern it is drawn with. */
  readonly style: number;
};

/** Runs that are listed, the newest ones; a session file holds as many. */
export const MOST_RUNS = 24;

/** The run as it last ended; null when it has not yet. */
export function lastEnded({ record, before }: LabRun): RunRecord | null {
  return record.stop ? record : (before ?? null);
}

/** What the retrieval view draws: ρ of each layer at one iteration, and the overlap with each memory. */
export type StateView = {
  readonly iteration: number;
  readonly picture: Picture;
  readonly units: Floats;
  /** One a unit; empty where a unit is not one memory. */
  readonly unitNames: readonly string[];
  readonly overlaps: Float32Array;
  readonly names: readonly string[];
  readonly verdict: Verdict;
};

export type Phase = 'idle' | 'preparing' | 'running' | 'paused' | 'done';

export type RetrievalState = {
  readonly phase: Phase;
  readonly runId: number | null;
  readonly view: StateView | null;
  /** Of the newest state, while it runs. */
  readonly progress: string;
  /** The final words on the newest run; empty until it has ended. */
  readonly outcome: string;
  /** What helps, where nothing was recalled. */
  readonly advice: string;
  /** What it took, and the contraction that it saw; empty until then. */
  readonly work: string;
};

export type EngineState =
  | { readonly status: 'starting' }
  | {
      readonly status: 'ready';
      readonly info: EngineInfo;
      readonly reason: string;
      /** WebGPU was tried and failed. */
      readonly failed: boolean;
    }
  | { readonly status: 'none'; readonly reason: string };

export type Notice = {
  readonly id: number;
  readonly tone: 'error' | 'info';
  readonly text: string;
  /** A way back, offered beside the text. */
  readonly undo?: { readonly label: string; readonly run: () => void };
  /** What an error is about, so that it goes when that is mended: what is set up, the run, or a file; absent for anything else. */
  readonly about?: 'setup' | 'run' | 'file';
};

export type DialogState =
  | { readonly kind: 'none' }
  | { readonly kind: 'help' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'store' }
  | { readonly kind: 'new-set' }
  | { readonly kind: 'rename-set' }
  | { readonly kind: 'rename-memory' }
  | { readonly kind: 'rename-run'; readonly runId: number }
  | { readonly kind: 'import'; readonly files: readonly File[] };

/** What a trained network is asked about a digit. */
export type ClassifySetup = {
  /** Ids of one network, or of two side by side. */
  readonly models: readonly string[];
  /** Whether a drawing is placed as MNIST's digits are. */
  readonly place: boolean;
  /** Whether free units start where the network last came to rest, rather than at zero. */
  readonly goOn: boolean;
  /** The output that is held while the picture is free: what does the network think it looks like? Null where the picture is held. */
  readonly imagined: number | null;
};

/** A trained network that can be asked for. */
export type ModelCard = {
  readonly id: string;
  /** Units of each layer. */
  readonly sizes: readonly number[];
  readonly dynamics: Dynamics;
  /** Per cent of MNIST's test digits that it reads; absent where it is not known. */
  readonly accuracy?: number;
  /** Iterations of Fastest on the CPU engine in the mean, to a map residual of 1e-4. */
  readonly iterations?: number;
  /** What else is known of it, a sentence or a line of its file's metadata each. */
  readonly notes: readonly string[];
  readonly own: boolean;
};

/** What is asked of the lab. A session, a link, a lesson and an opened run each set it; undo goes back over it. */
export type Setup = {
  readonly setId: string;
  /** Index of the chosen memory in its set, −1 for none. */
  readonly chosen: number;
  readonly cue: CueState;
  /** Whether the network sees a drawing as the memories lie, see `lab/seen-cue.ts`. */
  readonly fit: boolean;
  readonly corruption: Corruption;
  readonly kind: AssociativeKind;
  readonly memories: MemoryChoices;
  /** As chosen; see `chosenSettings` for what of it applies. */
  readonly solve: SolveSettings;
  /** The name under which schedule and solver of `solve` were chosen together; null where they were not. */
  readonly preset: Preset | null;
  readonly solvers: SolverChoices;
  readonly memoryStart: MemoryStartChoice;
  readonly holdIntact: boolean;
  /** What Classify shows its networks. */
  readonly digit: CueState;
  readonly digitDamage: Corruption;
  readonly classify: ClassifySetup;
  /** The ways that a stage shows side by side. */
  readonly lanes: readonly Lane[];
  /** In what a stage counts how far its lanes have come. */
  readonly work: AxisKind;
};

/** How a person works on it: kept from one visit to the next, and no part of what is asked. */
export type Desk = {
  readonly view: View;
  readonly tool: Tool;
  /** Diameter in pixels. */
  readonly brush: number;
  readonly residualView: ResidualView;
  /** Position of the speed slider, 0 to 100. */
  readonly speed: number;
  readonly enginePreference: Preference;
  /** Whether the stage draws what its lanes did before. */
  readonly earlierRuns: boolean;
};

export type LabState = Setup &
  Desk & {
    readonly sets: readonly LabSet[];
    readonly models: readonly ModelCard[];
    /** A file of digits that is open, and which of them is shown. */
    readonly digits: { readonly file: DigitFile; readonly at: number } | null;
    /** What of a file of digits has been read, from 0 to 1; null where none is on its way. */
    readonly digitsRead: number | null;
    /** Setups to go back to, the latest last. */
    readonly past: readonly Setup[];
    /** Setups that undo has left, the next first. */
    readonly future: readonly Setup[];
    /** What made way for Picard, because of a choice that it does not go with; null where nothing did. */
    readonly displaced: Preset | Solver['kind'] | null;
    /** What Recall shows. */
    readonly stage: StageState<RunRecord>;
    /** What Classify shows. */
    readonly classifyStage: StageState<ModelRun>;
    readonly runs: readonly LabRun[];
    /** Goes up whenever a trace has grown, since traces grow in place. */
    readonly revision: number;
    readonly retrieval: RetrievalState;
    readonly engine: EngineState;
    /** Asked for in the address: it goes before the preference, and is not remembered. */
    readonly engineAsked: Preference | null;
    readonly notices: readonly Notice[];
    /** What the lesson that was last begun teaches; null when it has been put away. */
    readonly lesson: Lesson | null;
    readonly dialog: DialogState;
    readonly theme: Theme;
  };

export function plainCue(picture: Picture, memory: string | null): CueState {
  return { picture, clean: picture, memory, corruption: null, intact: null, edited: false, strokes: null };
}

/** Whether parts of a cue are marked as missing: those are free, and the rest is held. */
export function isMasked({ corruption, intact }: CueState): boolean {
  return corruption === null && intact !== null;
}

/** Whether a cue is empty paper: nothing has been drawn yet, or all of it was erased. */
export function isEmpty({ strokes }: CueState): boolean {
  return strokes !== null && strokes.length === 0;
}

/** Empty paper, to be drawn on. */
export function blankCue(width: number, height: number): CueState {
  return { ...plainCue(blankPicture(width, height), null), strokes: [] };
}

export const NO_DAMAGE: Corruption = { kind: 'flip', amount: 0, seed: 1 };

/** Five layers: deep enough that their order is seen, and that it saves much. */
export const FIRST_CLASSIFY: ClassifySetup = {
  models: ['ham-784-1280-510-200-10'],
  place: true,
  goOn: false,
  imagined: null,
};

export const idle: RetrievalState = {
  phase: 'idle',
  runId: null,
  view: null,
  progress: '',
  outcome: '',
  advice: '',
  work: '',
};

export const store = createStore<LabState>()(() => ({
  view: 'stage',
  lanes: makeLanes(THREE_WAYS),
  work: 'iterations',
  stage: emptyStage,
  classifyStage: emptyStage,
  sets: [],
  models: [],
  digits: null,
  digitsRead: null,
  setId: '',
  chosen: -1,
  cue: blankCue(16, 16),
  digit: blankCue(DIGIT_SIDE, DIGIT_SIDE),
  digitDamage: NO_DAMAGE,
  classify: FIRST_CLASSIFY,
  past: [],
  future: [],
  tool: 'draw',
  brush: 1,
  fit: true,
  corruption: { kind: 'flip', amount: 0.2, seed: 1 },
  kind: 'classical',
  memories: {
    classical: { kind: 'classical', gain: parameters.classical.gain.initial },
    dense: {
      kind: 'dense',
      gain: parameters.dense.gain.initial,
      degree: parameters.dense.degree.initial,
      centred: true,
    },
    modern: { kind: 'modern', sharpness: parameters.modern.sharpness.initial },
  },
  solve: { ...FASTEST, tolerance: 1e-4, iterationLimit: 500 },
  preset: 'fastest',
  displaced: null,
  solvers: initialSolvers,
  residualView: { residual: 'map', axis: 'iterations' },
  memoryStart: 'best',
  holdIntact: false,
  speed: 36,
  runs: [],
  revision: 0,
  retrieval: idle,
  engine: { status: 'starting' },
  enginePreference: 'auto',
  earlierRuns: false,
  engineAsked: null,
  notices: [],
  lesson: null,
  dialog: { kind: 'none' },
  theme: 'system',
}));

/** The set that is chosen now; undefined only before the first one has been loaded. */
export function chosenSet(state: LabState): LabSet | undefined {
  return state.sets.find((entry) => entry.id === state.setId);
}

/** The settings that the chosen memory's next run has. */
export function chosenSettings(state: LabState): SolveSettings {
  return settingsFor(chosenMemory(state), state.solve);
}

/** The engine to use: the one that the address asks for, or the preferred one. */
export function wantedEngine({ engineAsked, enginePreference }: LabState): Preference {
  return engineAsked ?? enginePreference;
}

export function chosenMemory(state: LabState): AssociativeMemory {
  return state.memories[state.kind];
}

/** The stage that is shown, or was before the bench was. */
export function shownStage(state: LabState): StageState {
  return state.view === 'classify' ? state.classifyStage : state.stage;
}

/** The networks that Classify asks, as far as they are known. */
export function chosenModels({
  models,
  classify,
}: Pick<LabState, 'models'> & { readonly classify: Pick<ClassifySetup, 'models'> }): readonly ModelCard[] {
  return classify.models.flatMap((id) => models.find((card) => card.id === id) ?? []);
}

/** The dynamics of the network that the lanes run on; the first of two. */
export function shownDynamics(state: LabState): Dynamics {
  return state.view === 'classify'
    ? (chosenModels(state)[0]?.dynamics ?? 'ham')
    : dynamicsOf(chosenMemory(state));
}

/** What is drawn on and damaged in the view that is shown. */
export function shownCue({ view, cue, digit }: LabState): CueState {
  return view === 'classify' ? digit : cue;
}

/** The state with another cue in the view that is shown. */
export function putCue({ view }: LabState, cue: CueState): Partial<LabState> {
  return view === 'classify' ? { digit: cue } : { cue };
}

/** How the cue of the view that is shown is damaged. */
export function shownDamage({ view, corruption, digitDamage }: LabState): Corruption {
  return view === 'classify' ? digitDamage : corruption;
}

/** The state with other damage in the view that is shown. */
export function putDamage({ view }: LabState, corruption: Corruption): Partial<LabState> {
  return view === 'classify' ? { digitDamage: corruption } : { corruption };
}
