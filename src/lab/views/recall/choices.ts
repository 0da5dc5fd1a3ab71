/** What a person chooses on the stage. */
import { chooseMemory } from '../../actions/sets';
import { messageOf, notify } from '../../actions/notices';
import { isLink, linkOf, openLink } from './link';
import { chosenSet, store } from '../../store';

/** Copies the address that brings the stage back; where the clipboard is refused, it stands in the address bar. */
export async function copyLink(): Promise<void> {
  try {
    const hash = await linkOf(store.getState());
    const address = new URL(hash, new URL('.', location.href)).href;
    try {
      await navigator.clipboard.writeText(address);
      notify('info', 'Copied a link that brings this stage back: cue, lanes and settings.');
    } catch {
      history.replaceState(null, '', address);
      notify('info', 'The link stands in the address bar: the browser lets nothing be copied here.');
    }
  } catch (error) {
    notify('error', messageOf(error));
  }
}

/** Brings the stage of the address, if it asks for one, and takes it out of the address: what follows is one's own. */
export async function openLinkedStage(): Promise<void> {
  const { hash } = location;
  if (!isLink(hash)) return;
  history.replaceState(null, '', location.pathname + location.search);
  try {
    store.setState(await openLink(hash, store.getState()));
  } catch (error) {
    notify('error', `The link could not be opened: ${messageOf(error)}. The lab is as you left it.`);
  }
}

/** Another memory of the set, damaged in another way. */
export function anotherMemory(): void {
  const state = store.getState();
  const count = chosenSet(state)?.set.memories.length ?? 0;
  if (count === 0) return;
  const others = Array.from({ length: count }, (_, i) => i).filter((i) => i !== state.chosen);
  const index = others[Math.floor(Math.random() * others.length)] ?? 0;
  const seed = Math.floor(Math.random() * 10_000);
  store.setState({ corruption: { ...state.corruption, seed } });
  chooseMemory(index);
}
