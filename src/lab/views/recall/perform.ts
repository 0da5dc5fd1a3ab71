/** The stage answers to whatever is drawn or chosen: every change starts its lanes again, and ends what was under way. */
import { conflict, settingsFor } from '../../../memory/compatible';
import { refusalText } from '../../actions/outcome';
import { messageOf } from '../../actions/notices';
import { cueOf, end } from '../../actions/retrieve';
import { corrupted } from '../../actions/cue';
import { seenCue } from '../../seen-cue';
import { chosenMemory, chosenSet, isEmpty, store, type LabState } from '../../store';
import { patchStage, playFromStart } from './player';
import { runLanes, type StagePlan } from './run-lanes';
import { emptyStage, withEarlier, type LaneRun } from './stage-state';

/** Changes that follow each other this closely, in milliseconds, are one gesture: time goes on through it. */
const GESTURE = 600;

/**
 * Lanes that have shown nothing yet are let come before a change ends them, for so many milliseconds: a pen sends more changes than a
 * slow engine has answers.
 */
const PATIENCE = 300;

const NO_CUE = 'Draw something, or choose a memory.';

const NO_MEMORIES = 'This set holds no memories yet: draw one and store it, or import images.';

let current: AbortController | undefined;
let changedAt = -Infinity;
/** Since when lanes are under way that have shown nothing; null where there are none. */
let unansweredSince: number | null = null;
/** To be called when they have shown something. */
let onAnswer = (): void => undefined;

function planOf(state: LabState): StagePlan | null {
  const set = chosenSet(state)?.set;
  if (!set || set.memories.length === 0) return null;
  const memory = chosenMemory(state);
  const { tolerance, iterationLimit, criterion, local } = state.solve;
  const shared = {
    tolerance,
    iterationLimit,
    ...(criterion === undefined ? {} : { criterion }),
    ...(local === undefined ? {} : { local }),
  };
  return {
    set,
    memory,
    cue: cueOf(state),
    lanes: state.lanes.map((lane) => {
      const settings = settingsFor(memory, { ...shared, schedule: lane.schedule, solver: lane.solver });
      const refused = conflict(memory, settings);
      return { lane, settings, refusal: refused === null ? null : refusalText(refused) };
    }),
  };
}

/** The lanes without a run: their cards stay where they are while the cue is drawn anew. */
function emptyLanes({ lanes, stage }: LabState): readonly LaneRun[] {
  const network = stage.runs[0]?.network;
  if (!network) return [];
  return lanes.map((lane) => ({ lane, refusal: null, network, activities: new Map(), record: null }));
}

/** Starts all lanes again. */
function perform(): void {
  current?.abort();
  unansweredSince = null;
  const state = store.getState();
  const plan = planOf(state);
  if (!plan || isEmpty(state.cue)) {
    // Whatever comes next is a beginning.
    changedAt = -Infinity;
    // Before the first set has been loaded there is nothing to complain of.
    const { earlier, asked } = state.stage;
    const message = plan ? NO_CUE : state.setId ? NO_MEMORIES : '';
    return patchStage({ ...emptyStage, earlier, asked, runs: plan ? emptyLanes(state) : [], message });
  }
  const controller = (current = new AbortController());
  const mine = (work: () => void): void => {
    if (current === controller && !controller.signal.aborted) work();
  };
  unansweredSince = performance.now();
  const answered = (): void => {
    if (unansweredSince === null) return;
    unansweredSince = null;
    onAnswer();
  };
  // What was there stays until the first new state is.
  patchStage({ phase: 'preparing', message: '' });
  runLanes(plan, controller.signal, {
    preparing: (share) =>
      mine(() => {
        patchStage({ message: `Storing memories, ${Math.round(100 * share)} %` });
        answered();
      }),
    changed: (runs) =>
      mine(() => {
        const done = runs.every(({ record, refusal }) => record?.stop || refusal !== null);
        patchStage({ runs, phase: done ? 'done' : 'running', message: '' });
        answered();
      }),
  }).catch((error: unknown) =>
    mine(() => {
      patchStage({
        phase: 'failed',
        playing: false,
        message: `The lanes could not go on: ${messageOf(error)}`,
      });
      answered();
    }),
  );
}

/** Starts the lanes again, and time with them. */
export function retrieveAll(): void {
  changedAt = -Infinity;
  perform();
  playFromStart();
}

export function forgetEarlier(): void {
  patchStage({ earlier: [] });
}

/** What a run of the lanes is made of. */
const ingredients = (state: LabState): readonly unknown[] => [
  seenCue(state),
  state.cue.intact,
  state.holdIntact,
  chosenSet(state)?.set.memories,
  chosenMemory(state),
  state.lanes,
  state.solve.tolerance,
  state.solve.iterationLimit,
  state.solve.criterion,
  state.solve.local,
  state.memoryStart,
];

/** On the stage a memory is always given damaged, as the sentence above it says. */
function damaged(state: LabState): Partial<LabState> {
  const { cue, corruption } = state;
  const plain = cue.memory !== null && cue.corruption === null && !cue.edited && cue.strokes === null;
  if (!plain) return {};
  try {
    return { cue: corrupted(cue, corruption) };
  } catch {
    return {};
  }
}

/** From now on, until the returned function is called, the stage answers to every change. */
export function followStage(): () => void {
  let followed = true;
  let frame = 0;
  let answered: readonly unknown[] = [];
  const isNew = (): boolean =>
    ingredients(store.getState()).some((ingredient, i) => ingredient !== answered[i]);
  /** At once, so that the engine is at work while the page is drawn; then once a frame, however many events a pen sends. */
  const answer = (): void => {
    if (!followed || frame !== 0 || !isNew()) return;
    if (unansweredSince !== null && performance.now() - unansweredSince < PATIENCE) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      answer();
    });
    answered = ingredients(store.getState());
    const now = performance.now();
    const sameGesture = now - changedAt < GESTURE;
    changedAt = now;
    // Of a gesture, what was there before it.
    if (!sameGesture) patchStage({ earlier: withEarlier(store.getState().stage) });
    perform();
    if (!sameGesture || store.getState().stage.asked !== null) playFromStart();
  };
  // What the bench had under way ends, and stays in its list.
  end();
  store.setState(damaged);
  answered = ingredients(store.getState());
  const stop = store.subscribe((state, before) => {
    if (state.cue !== before.cue) {
      const part = damaged(state);
      if (part.cue) return store.setState(part);
    }
    // Once all of a change is there.
    if (frame === 0 && isNew()) queueMicrotask(answer);
  });
  onAnswer = answer;
  retrieveAll();
  return () => {
    followed = false;
    stop();
    cancelAnimationFrame(frame);
    current?.abort();
    patchStage({ playing: false });
  };
}
