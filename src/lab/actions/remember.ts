/** Keeps the library in step with the store, and the store with the library at the start. */
import { packRuns } from '../services/kept-runs';
import { Library, type Remembered } from '../services/library';
import { sessionOf, type StoredSession } from '../services/library-schema';
import { store } from '../store';
import { messageOf, notify } from './notices';

/** Long enough to gather a stroke, short enough that a quick reload finds it. */
const DEBOUNCE = 150;

let library: Library | undefined;
let complained = false;

function complain(error: unknown): void {
  if (complained) return;
  complained = true;
  const full = error instanceof DOMException && error.name === 'QuotaExceededError';
  const why = full ? 'its storage is full' : messageOf(error);
  notify(
    'error',
    `The browser keeps nothing for this page (${why}). The lab goes on, but forgets when it is closed.`,
  );
}

/** What was kept from the last visit; null where there is no storage or nothing in it. */
export async function recollect(): Promise<Remembered | null> {
  try {
    library = await Library.open();
    const remembered = await library.load();
    if (remembered.dropped > 0) {
      const what = remembered.dropped === 1 ? '1 kept record' : `${remembered.dropped} kept records`;
      notify(
        'error',
        `${what} could not be read, and could not be brought back. The rest is as you left it.`,
      );
    }
    return remembered;
  } catch (error) {
    library = undefined;
    complain(error);
    return null;
  }
}

/** From now on every change is written, shortly after it is made. */
export function keepRemembering(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dirty = false;
  let written = store.getState().runs;
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (!dirty || !library) return;
    dirty = false;
    const kept = library;
    const state = store.getState();
    const { runs } = state;
    // All at once, for the page may be going away; the database does one after the other.
    Promise.all([
      kept.saveSets(state.sets),
      kept.saveSession(sessionOf(state), runs === written ? undefined : packRuns(runs)),
    ]).then(() => (written = runs), complain);
  };
  store.subscribe((state, before) => {
    const now = sessionOf(state);
    const then = sessionOf(before);
    const changed = (Object.keys(now) as (keyof StoredSession)[]).some((key) => now[key] !== then[key]);
    if (!changed && state.sets === before.sets && state.runs === before.runs) return;
    dirty = true;
    timer ??= setTimeout(write, DEBOUNCE);
    if (state.sets !== before.sets) write();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) write();
  });
  addEventListener('pagehide', write);
}
