/** The whole of the lab as a file, and back. */
import { download } from '../charts/download';
import { SessionFileError, writeSession, type OpenedSession } from '../services/session-file';
import { store, type LabSet } from '../store';
import { wayBack } from './history';
import { messageOf, notify } from './notices';
import { restoreRuns } from './runs';
import { findOrAdd } from './sets';

export function saveSession(): void {
  try {
    const file = new Blob([writeSession(store.getState())], { type: 'application/json' });
    download(file, 'Attractor session', 'json');
  } catch (error) {
    notify('error', `The session could not be saved: ${messageOf(error)}`);
  }
}

/**
 * Takes a session that was saved. Sets and runs that are there stay; what was set up before is a step back.
 * @throws SessionFileError where its cue does not go with its set
 */
export function takeSession({ session, sets: saved, runs, dropped }: OpenedSession): void {
  const before = store.getState();
  let sets: readonly LabSet[] = before.sets;
  const ids = new Map<string, string>();
  for (const { id, set } of saved) {
    const found = findOrAdd(sets, set);
    sets = found.sets;
    ids.set(id, found.entry.id);
  }
  const setId = ids.get(session.setId) ?? session.setId;
  const set = sets.find(({ id }) => id === setId)?.set;
  const { picture } = session.cue;
  if (set?.width !== picture.width || set.height !== picture.height) {
    throw new SessionFileError('its cue does not go with any of its sets');
  }
  // Which engine computes is a matter of this machine.
  const { version: _, enginePreference: __, ...choices } = session;
  store.setState({ ...wayBack(before), ...choices, sets, setId, displaced: null, lesson: null });
  restoreRuns(runs);
  notify('info', 'Opened the session: sets, cue, settings, lanes and runs are as they were saved.');
  if (dropped > 0) {
    notify('error', `${dropped} of its sets and runs could not be read. The rest is there.`);
  }
}
