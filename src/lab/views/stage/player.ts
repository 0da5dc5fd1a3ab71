/** Time on the stage: it plays at the chosen speed, stops at the end, and goes where it is put. */
import type { PointedTime } from '../../charts/run-chart';
import { prefersReducedMotion } from '../../services/flash-guard';
import { nextFrame } from '../../services/frames';
import { iterationsPerSecond } from '../../actions/setup';
import { shownStage, store } from '../../store';
import { lengthOf, type StageState } from './stage-state';

/** Changes the time of the stage that is shown. */
function patchStage(part: Partial<Pick<StageState, 'time' | 'playing' | 'asked'>>): void {
  store.setState((state) =>
    state.view === 'classify'
      ? { classifyStage: { ...state.classifyStage, ...part } }
      : { stage: { ...state.stage, ...part } },
  );
}

const stageNow = (): StageState => shownStage(store.getState());

/** Between two iterations, while it plays. */
let exact = 0;
let playingNow = false;

async function keepTime(): Promise<void> {
  if (playingNow) return;
  playingNow = true;
  let before = performance.now();
  while (stageNow().playing) {
    await nextFrame();
    const now = performance.now();
    const stage = stageNow();
    if (!stage.playing) break;
    const end = lengthOf(stage);
    const rate = iterationsPerSecond(store.getState().speed);
    exact = rate === Infinity ? end : Math.min(end, exact + ((now - before) / 1000) * rate);
    before = now;
    const time = Math.floor(exact);
    // The last one stays the last, should the same gesture go on and lanes run further.
    if (time >= end && stage.phase === 'done') patchStage({ time: Infinity, playing: false });
    else if (time !== stage.time) patchStage({ time });
  }
  playingNow = false;
}

/** From the first state on, unless a link asks for one. With reduced motion the end stands there from the start. */
export function playFromStart(): void {
  exact = 0;
  const { asked, phase } = stageNow();
  if (phase === 'idle') return;
  if (asked !== null) return patchStage({ time: asked, playing: false, asked: null });
  if (prefersReducedMotion()) return patchStage({ time: Infinity, playing: false });
  patchStage({ time: 0, playing: true });
  void keepTime();
}

/** Goes on from where it is, or from the start where it is at the end. */
export function play(): void {
  const stage = stageNow();
  const at = Math.min(stage.time, lengthOf(stage));
  exact = at >= lengthOf(stage) ? 0 : at;
  patchStage({ time: exact, playing: true });
  void keepTime();
}

export function pause(): void {
  const stage = stageNow();
  if (stage.playing) patchStage({ playing: false });
}

export function playOrPause(): void {
  if (stageNow().playing) pause();
  else play();
}

/** Shows an iteration, and stays there. The last one stays the last, however far the lanes still go. */
export function showTime(time: number): void {
  const stage = stageNow();
  const end = lengthOf(stage);
  const to = time >= end ? Infinity : Math.max(0, Math.round(time));
  if (!stage.playing && to === stage.time) return;
  patchStage({ time: to, playing: false });
}

/** So many iterations on, or back. */
export function stepBy(iterations: number): void {
  const stage = stageNow();
  showTime(Math.min(stage.time, lengthOf(stage)) + iterations);
}

/** Where time was before a pointer passed over a chart; null where none does. */
let before: number | null = null;

/** A press moves time. What is passed over is shown while the pointer is there, unless time plays. */
export function pointAt({ iteration, pressed }: PointedTime): void {
  const { playing, time } = stageNow();
  if (iteration === null) {
    if (before !== null && !playing) showTime(before);
    before = null;
  } else if (pressed || !playing) {
    before = pressed ? null : (before ?? time);
    showTime(iteration);
  }
}
