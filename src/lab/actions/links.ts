/** What is shown as an address, and back. */
import { isLink, linkOf, openLink } from '../views/recall/link';
import { store, type LabState } from '../store';
import { messageOf, notify } from './notices';

/** What the links of Classify begin with. */
const DIGIT = '#digit=';

/** Loaded with Classify, or with a link to it. */
const classifyLinks = () => import('../views/classify/out-and-in');

async function addressOf(state: LabState): Promise<string> {
  return state.view === 'classify' ? (await classifyLinks()).linkOf(state) : linkOf(state);
}

/** Copies the address that brings the stage back; where the clipboard is refused, it stands in the address bar. */
export async function copyLink(): Promise<void> {
  try {
    const hash = await addressOf(store.getState());
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
  const digit = hash.startsWith(DIGIT);
  if (!digit && !isLink(hash)) return;
  history.replaceState(null, '', location.pathname + location.search);
  try {
    const open = digit ? (await classifyLinks()).openLink : openLink;
    store.setState(await open(hash, store.getState()));
  } catch (error) {
    notify('error', `The link could not be opened: ${messageOf(error)}. The lab is as you left it.`);
  }
}
