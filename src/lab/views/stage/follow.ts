/** A stage answers to whatever is drawn or chosen: every change starts its lanes again, and ends what was under way. */
import { messageOf } from '../../actions/notices';
import { end } from '../../actions/retrieve';
import { store, type LabState } from '../../store';
import { playFromStart } from './player';
import { runLanes, type LanesPlan } from './run-lanes';
import { emptyStage, withEarlier, type LaneRecord, type LaneRun, type StageState } from './stage-state';

/** What a view puts on its stage. */
export type StageSource<R extends LaneRecord> = {
  readonly stage: (state: LabState) => StageState<R>;
  readonly withStage: (stage: StageState<R>) => Partial<LabState>;
  /** What a run of the lanes is made of: the lanes start again where one of these is another. */
  readonly ingredients: (state: LabState) => readonly unknown[];
  /** What is to be run, a plan for each network; or why there is nothing, with the lanes that wait. */
  readonly plan: (state: LabState) => readonly LanesPlan<R>[] | Waiting<R>;
  /** How a network is made ready, in words. */
  readonly preparing: (share: number) => string;
  /** What the view makes of a change before its lanes answer to it. */
  readonly settle?: (state: LabState) => Partial<LabState>;
};

export type Waiting<R extends LaneRecord> = {
  readonly message: string;
  readonly lanes: readonly LaneRun<R>[];
};

/** Changes that follow each other this closely, in milliseconds, are one gesture: time goes on through it. */
const GESTURE = 600;

/**
 * Lanes that have shown nothing yet are let come before a change ends them, for so many milliseconds: a pen sends more changes than a
 * slow engine has answers.
 */
const PATIENCE = 300;

/** What can be asked of the stage that is followed. */
type Followed = { readonly again: () => void; readonly forget: () => void };

let followed: Followed | null = null;

/** Starts the lanes again, and time with them. */
export function retrieveAll(): void {
  followed?.again();
}

export function forgetEarlier(): void {
  followed?.forget();
}

/** From now on, until the returned function is called, the stage answers to every change. */
export function followStage<R extends LaneRecord>(source: StageSource<R>): () => void {
  let current: AbortController | undefined;
  let changedAt = -Infinity;
  /** Since when lanes are under way that have shown nothing; null where there are none. */
  let unansweredSince: number | null = null;
  let frame = 0;
  let known: readonly unknown[] = [];

  const stage = (): StageState<R> => source.stage(store.getState());
  const patch = (part: Partial<StageState<R>>): void =>
    store.setState((state) => source.withStage({ ...source.stage(state), ...part }));

  const answered = (): void => {
    if (unansweredSince === null) return;
    unansweredSince = null;
    answer();
  };

  /** Starts all lanes again. */
  const perform = (): void => {
    current?.abort();
    unansweredSince = null;
    const plan = source.plan(store.getState());
    if ('message' in plan) {
      // Whatever comes next is a beginning.
      changedAt = -Infinity;
      const { earlier, asked } = stage();
      return patch({ ...emptyStage, earlier, asked, runs: plan.lanes, message: plan.message });
    }
    const controller = (current = new AbortController());
    const mine = (work: () => void): void => {
      if (current === controller && !controller.signal.aborted) work();
    };
    unansweredSince = performance.now();
    // What was there stays until the first new state is.
    patch({ phase: 'preparing', message: '' });
    const parts: (readonly LaneRun<R>[])[] = plan.map(() => []);
    const performed = plan.map((part, i) =>
      runLanes(part, controller.signal, {
        preparing: (share) =>
          mine(() => {
            patch({ message: source.preparing(share) });
            answered();
          }),
        changed: (lanes) =>
          mine(() => {
            parts[i] = lanes;
            if (parts.some(({ length }) => length === 0)) return;
            const runs = parts.flat();
            const done = runs.every(({ record, refusal }) => record?.stop || refusal !== null);
            patch({ runs, phase: done ? 'done' : 'running', message: '' });
            answered();
          }),
      }),
    );
    Promise.all(performed).catch((error: unknown) =>
      mine(() => {
        controller.abort();
        patch({ phase: 'failed', playing: false, message: `The lanes could not go on: ${messageOf(error)}` });
        answered();
      }),
    );
  };

  const again = (): void => {
    changedAt = -Infinity;
    perform();
    playFromStart();
  };

  const isNew = (): boolean =>
    source.ingredients(store.getState()).some((ingredient, i) => ingredient !== known[i]);

  /** At once, so that the engine is at work while the page is drawn; then once a frame, however many events a pen sends. */
  const answer = (): void => {
    if (followed !== mine || frame !== 0 || !isNew()) return;
    if (unansweredSince !== null && performance.now() - unansweredSince < PATIENCE) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      answer();
    });
    known = source.ingredients(store.getState());
    const now = performance.now();
    const sameGesture = now - changedAt < GESTURE;
    changedAt = now;
    // Of a gesture, what was there before it.
    if (!sameGesture) patch({ earlier: withEarlier(stage()) });
    perform();
    if (!sameGesture || stage().asked !== null) playFromStart();
  };

  const settle = (): Partial<LabState> => source.settle?.(store.getState()) ?? {};
  const mine: Followed = { again, forget: () => patch({ earlier: [] }) };
  followed = mine;
  // What the bench had under way ends, and stays in its list.
  end();
  store.setState(settle());
  known = source.ingredients(store.getState());
  const stop = store.subscribe(() => {
    const part = settle();
    if (Object.keys(part).length > 0) return store.setState(part);
    // Once all of a change is there.
    if (frame === 0 && isNew()) queueMicrotask(answer);
  });
  again();
  return () => {
    if (followed === mine) followed = null;
    stop();
    cancelAnimationFrame(frame);
    current?.abort();
    patch({ playing: false });
  };
}
