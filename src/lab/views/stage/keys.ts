/** The keys of the stage: they move time. */
import { shownStage, store } from '../../store';
import { retrieveAll } from './follow';
import { playOrPause, showTime, stepBy } from './player';
import { lengthOf } from './stage-state';

/** Whether a key is another element's own: what is typed, and Space on a button. */
function isTaken(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  const own = 'input, select, textarea, [role=application], [role=listbox]';
  return target.matches(event.key === ' ' ? `${own}, button, a` : own);
}

export function onStageKey(event: KeyboardEvent): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    return retrieveAll();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
  const keys: Readonly<Record<string, () => void>> = {
    ' ': playOrPause,
    ArrowLeft: () => stepBy(-1),
    ArrowRight: () => stepBy(1),
    Home: () => showTime(0),
    End: () => showTime(lengthOf(shownStage(store.getState()))),
  };
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}
