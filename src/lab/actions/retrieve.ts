/** Starting, pausing, stepping and ending a retrieval. There is one at a time; a new one replaces it. */
import type { Cue, RunRecord } from '../../records/run-record';
import { conflict } from '../../memory/compatible';
import {
  chosenMemory,
  chosenSet,
  chosenSettings,
  idle,
  isMasked,
  store,
  type LabState,
  type RetrievalState,
} from '../store';
import { memoryStartOf } from '../last-equilibrium';
import { seenCue } from '../seen-cue';
import { prefersReducedMotion } from '../services/flash-guard';
import { mended, messageOf, notify } from './notices';
import { adviceText, outcomeText, progressText, refusalText, runName, workText } from './outcome';
import { RetrievalSession, type RetrievalRequest } from './retrieval-session';
import { addRun, removeAllRuns, removeRun, updateRun } from './runs';
import { iterationsPerSecond } from './setup';

let current: RetrievalSession | undefined;

function patch(part: Partial<RetrievalState>): void {
  store.setState(({ retrieval }) => ({ retrieval: { ...retrieval, ...part } }));
}

/** Why what is set up makes no retrieval, in words for the person; null where it makes one. */
export function setupProblem(state: LabState): string | null {
  const memories = chosenSet(state)?.set.memories ?? [];
  if (memories.length === 0) {
    return 'This set holds no memories yet: draw one and press “Store as memory”, or import images.';
  }
  const settings = chosenSettings(state);
  const refused = conflict(chosenMemory(state), settings);
  return refused === null ? null : refusalText(refused);
}

/** The cue as the next retrieval takes it. */
export function cueOf(state: LabState): Cue {
  const { picture: drawing, memory, corruption, intact, edited } = state.cue;
  const picture = seenCue(state);
  return {
    picture,
    ...(picture === drawing ? {} : { drawing }),
    memoryStart: memoryStartOf(state),
    memory,
    corruption: edited ? null : corruption,
    ...((state.holdIntact || isMasked(state.cue)) && intact ? { held: intact } : {}),
  };
}

/** The retrieval that the lab is set up for; null, with a message, when it cannot be. */
export function planFrom(state: LabState): RetrievalRequest | null {
  const problem = setupProblem(state);
  if (problem !== null) notify('error', problem, undefined, 'setup');
  const entry = chosenSet(state);
  if (!entry || problem !== null) return null;
  const plan = {
    set: entry.set,
    memory: chosenMemory(state),
    cue: cueOf(state),
    settings: chosenSettings(state),
    ...(state.preset === null ? {} : { preset: state.preset }),
  };
  return { ...plan, name: runName(plan) };
}

export type RetrieveOptions = {
  /** As fast as the engine goes, whatever the speed slider says. */
  readonly fast?: boolean;
  /** Describe the start and wait for a step. */
  readonly paused?: boolean;
  /** The listed run that this one takes the place of; without it, it is a new one. */
  readonly into?: number;
};

/** Performs a plan and resolves with its record, or null when it was cancelled or could not be done. */
export async function perform(
  plan: RetrievalRequest,
  options: RetrieveOptions = {},
): Promise<RunRecord | null> {
  end();
  let runId = options.into ?? null;
  const mine = (work: () => void): void => {
    if (current === session) work();
  };
  // With reduced motion a run shows its end at once; step by step it goes as ever.
  const still = prefersReducedMotion();
  const pace = (): number => (options.fast || still ? Infinity : iterationsPerSecond(store.getState().speed));
  const session = new RetrievalSession(
    plan,
    pace,
    { paused: options.paused ?? false, still },
    {
      preparing: (share) => mine(() => patch({ progress: `Storing memories, ${Math.round(100 * share)} %` })),
      begun: (record) =>
        mine(() => {
          mended('setup', 'run');
          if (runId === null) runId = addRun(record);
          else updateRun(runId, record);
          patch({ runId, phase: session.paused ? 'paused' : 'running' });
        }),
      grown: (iteration, residual) =>
        mine(() => {
          store.setState(({ revision }) => ({ revision: revision + 1 }));
          patch({ progress: progressText(iteration, residual) });
        }),
      view: (view) => mine(() => patch({ view })),
      ended: (record) =>
        mine(() => {
          if (runId !== null) updateRun(runId, record);
          if (record.stop)
            patch({
              phase: 'done',
              outcome: outcomeText(record.stop, record.verdict),
              advice: record.verdict ? adviceText(record.verdict, record.memory) : '',
              work: workText(record),
            });
          current = undefined;
        }),
    },
  );
  current = session;
  patch({ phase: 'preparing', runId: null, progress: 'Storing memories', outcome: '', advice: '', work: '' });
  try {
    return await session.run();
  } catch (error) {
    mine(() => {
      current = undefined;
      patch({ phase: 'idle', progress: '' });
      notify('error', `The retrieval could not go on: ${messageOf(error)}`, undefined, 'run');
    });
    return null;
  }
}

/** Cancels the retrieval that is on its way, if any; what it has done stays in the list. */
export function end(): void {
  const session = current;
  current = undefined;
  const record = session?.cancel();
  const { runId } = store.getState().retrieval;
  if (record && runId !== null) updateRun(runId, record);
}

export async function retrieve(options: RetrieveOptions = {}): Promise<RunRecord | null> {
  const plan = planFrom(store.getState());
  return plan ? perform(plan, options) : null;
}

/** Pauses a retrieval that runs, and lets one that is paused go on. */
export function pauseOrResume(): void {
  if (!current) return;
  if (current.paused) current.resume();
  else current.pause();
  const { phase } = store.getState().retrieval;
  if (phase === 'running' || phase === 'paused') patch({ phase: current.paused ? 'paused' : 'running' });
}

/** One iteration, of the retrieval on its way or of a new one. */
export function step(): void {
  if (!current) void retrieve({ paused: true });
  current?.step();
  const { phase } = store.getState().retrieval;
  if (phase === 'running') patch({ phase: 'paused' });
}

/** Back to the cue. */
export function reset(): void {
  end();
  store.setState({ retrieval: idle });
}

/** Takes a run off the list; when it is on its way, it ends first. */
export function discardRun(id: number): void {
  if (current && store.getState().retrieval.runId === id) reset();
  removeRun(id);
}

/** Empties the list of runs, and ends what is on its way. */
export function discardAllRuns(): void {
  if (current) reset();
  removeAllRuns();
}
