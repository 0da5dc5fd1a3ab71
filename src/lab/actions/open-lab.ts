/** The first second: what was remembered, an engine, and a retrieval worth seeing. */
import type { Preference } from '../../engine/choose';
import type { Cue, RunRecord } from '../../records/run-record';
import { builtInSets } from '../../patterns/sets';
import { sameMemory } from '../../memory/associative';
import { engineHost } from '../services/engine';
import { sameSet } from '../last-equilibrium';
import { warmNetworkBuilder } from '../services/networks';
import { isVariantChoice, VARIANT_CHOICES } from '../services/variants';
import { idle, store, wantedEngine, type LabSet, type View } from '../store';
import { corrupted } from './cue';
import { keepHistory } from './history';
import { openLinkedStage } from './links';
import { mended, messageOf, notify } from './notices';
import { keepRemembering, recollect } from './remember';
import type { RetrievalRequest } from './retrieval-session';
import { perform, planFrom, setupProblem } from './retrieve';
import { restoreRuns } from './runs';
import { withSet } from './sets';

/** An engine asked for in the address, `?engine=cpu` say. */
function engineFromAddress(): Preference | undefined {
  const asked = addressWord('engine');
  return asked === 'webgpu' || asked === 'cpu' || asked === 'auto' ? asked : undefined;
}

const VIEWS: readonly View[] = ['stage', 'classify', 'bench'];

/** A view asked for in the address, `?view=bench` say. */
function viewFromAddress(): View | undefined {
  const asked = addressWord('view');
  return VIEWS.find((view) => view === asked);
}

/** What the address asks for in vain is told, in one message. */
function checkAddress(): void {
  const unknown = (name: string, known: boolean, choices: readonly string[]): readonly string[] => {
    const word = addressWord(name);
    if (word === null || known) return [];
    return [`the ${name} “${word.slice(0, 40)}”, which there is not (${choices.join(', ')})`];
  };
  const faults = [
    ...unknown('engine', engineFromAddress() !== undefined, ['auto', 'webgpu', 'cpu']),
    ...unknown('view', viewFromAddress() !== undefined, VIEWS),
    ...unknown('variant', isVariantChoice(addressWord('variant')), VARIANT_CHOICES),
  ];
  if (faults.length > 0) notify('error', `The address asks for ${faults.join(', and for ')}.`);
}

function addressWord(name: string): string | null {
  return new URLSearchParams(location.search).get(name);
}

function followEngine(): void {
  engineHost.listen((event) => {
    switch (event.kind) {
      case 'starting':
        return store.setState({ engine: { status: 'starting' } });
      case 'ready': {
        const { engine, reason, failed } = event.chosen;
        return store.setState({ engine: { status: 'ready', info: engine.info, reason, failed } });
      }
      case 'gone':
        if (event.lost) notify('info', `The engine was lost (${event.reason}) and is started again.`);
        return;
      case 'failed':
        store.setState({ engine: { status: 'none', reason: messageOf(event.error) } });
        return notify('error', `No engine could be started: ${messageOf(event.error)}`);
    }
  });
  store.subscribe((state, before) => {
    if (wantedEngine(state) !== wantedEngine(before)) engineHost.use(wantedEngine(state));
    const complaint = state.notices.some(({ about }) => about === 'setup');
    if (complaint && setupProblem(state) === null) mended('setup');
    const { phase } = state.retrieval;
    const resting = phase === 'idle' || phase === 'done';
    if (state.setId !== before.setId && resting) store.setState({ retrieval: idle });
  });
}

function sameNumbers(a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && Array.from(a).every((value, i) => value === b[i]);
}

/** A start at an equilibrium counts as such: by now the last one may be the run's own. */
const startName = ({ memoryStart }: Cue): string => (typeof memoryStart === 'string' ? memoryStart : 'last');

/** Whether a run is what a plan asks for, so that it would come to the same. */
function fulfils(run: RunRecord, { set, memory, cue, settings }: RetrievalRequest): boolean {
  const words = (of: Pick<RunRecord, 'cue' | 'settings'>): string =>
    JSON.stringify([of.settings, startName(of.cue), of.cue.memory, of.cue.corruption]);
  return (
    words(run) === words({ cue, settings }) &&
    sameMemory(run.memory, memory) &&
    sameNumbers(run.cue.picture.values, cue.picture.values) &&
    sameNumbers(run.cue.held, cue.held) &&
    sameSet(run.set, set)
  );
}

/** What the page opens with. The last run of the visit before is done again in its place, if it is the same. */
async function openingRetrieval(): Promise<void> {
  const state = store.getState();
  const plan = planFrom(state);
  if (!plan) return;
  const last = state.runs.at(-1);
  if (last && fulfils(last.record, plan)) {
    await perform({ ...plan, cue: last.record.cue }, { fast: true, into: last.id });
  } else await perform(plan, { fast: true });
}

/** The letter K, a quarter of its pixels flipped: synchronous updates take 41 iterations, even-odd 21, Fastest 12. */
const FIRST_ON_STAGE = { memory: 10, corruption: { kind: 'flip', amount: 0.25, seed: 3 } } as const;

export async function start(): Promise<void> {
  followEngine();
  warmNetworkBuilder();
  const asked = engineFromAddress();
  const view = viewFromAddress();
  if (view) store.setState({ view });
  const remembering = recollect();
  if (asked) store.setState({ engineAsked: asked });
  const builtIn = builtInSets.map((set): LabSet => ({ id: `built-in:${set.name}`, origin: 'built-in', set }));
  const remembered = await remembering;
  const sets = [...builtIn, ...(remembered?.sets ?? [])];
  const session = remembered?.session;
  const set = sets.find(({ id }) => id === session?.setId)?.set;
  const fits = set?.width === session?.cue.picture.width && set?.height === session?.cue.picture.height;
  if (session && set && fits) {
    const { version: _, ...choices } = session;
    store.setState({ ...choices, view: view ?? session.view, sets });
  } else {
    store.setState((state) => {
      const { memory, corruption } =
        state.view !== 'bench' ? FIRST_ON_STAGE : { memory: 0, corruption: state.corruption };
      const first = withSet({ sets }, sets[0]?.id ?? '', memory);
      return { sets, corruption, ...first, ...(first.cue ? { cue: corrupted(first.cue, corruption) } : {}) };
    });
  }
  restoreRuns(remembered?.runs ?? []);
  await openLinkedStage();
  addEventListener('hashchange', () => void openLinkedStage());
  keepRemembering();
  keepHistory();
  // A failure is told by the host's own event.
  engineHost.current().catch(() => undefined);
  // The stage retrieves by itself as soon as there is something to retrieve.
  const { view: shown } = store.getState();
  if (shown === 'bench' && (set === undefined || set.memories.length > 0)) await openingRetrieval();
  // Last, since a retrieval that is done takes errors away.
  checkAddress();
}
