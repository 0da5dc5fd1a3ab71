/** Trained networks for Classify: the list of those that come with the lab, and files of the person's own. */
import type { Network } from '../../network/network';
import type { ModelIndex } from '../../records/model-index';
import {
  fetchModelIndex,
  keepOwn,
  LARGEST_MODEL,
  loadOwn,
  loadShipped,
  ModelError,
  openModel,
  type OpenedModel,
} from '../services/models';
import { plainName } from '../../codecs/plain-name';
import { LONGEST_MODEL_NAME } from '../setup-schema';
import { store, type ModelCard } from '../store';
import { mended, messageOf, notify } from './notices';

/** What the ids of a person's own models begin with. */
const OWN = 'own:';

let index: Promise<ModelIndex> | undefined;

function addCard(card: ModelCard): void {
  store.setState(({ models }) => ({ models: [...models.filter(({ id }) => id !== card.id), card] }));
}

/** The list of what comes with the lab, fetched once; a failure is forgotten, so that the next asks again. */
function shipped(): Promise<ModelIndex> {
  index ??= fetchModelIndex().then(
    (entries) => {
      for (const { name, sizes, dynamics, accuracy, iterations, trained } of entries) {
        addCard({ id: name, sizes, dynamics, accuracy, iterations, notes: [trained], own: false });
      }
      return entries;
    },
    (error: unknown) => {
      index = undefined;
      throw error;
    },
  );
  return index;
}

/** Fetches the list and what is chosen of it ahead of its first use. What fails is told when it is asked for. */
export function warmModels(): void {
  const { signal } = new AbortController();
  shipped()
    .then(() => {
      for (const id of store.getState().classify.models)
        void loadModel(id, () => undefined, signal).catch(() => undefined);
    })
    .catch(() => undefined);
}

function ownCard(id: string, { network, metadata }: OpenedModel): ModelCard {
  return {
    id,
    sizes: network.layers.map(({ units }) => units),
    dynamics: network.dynamics,
    notes: [...metadata].map(([name, value]) => `${name}: ${value.slice(0, 200)}`),
    own: true,
  };
}

/** What a model is called, an own one by its file. */
export const nameOfModel = (id: string): string => (id.startsWith(OWN) ? id.slice(OWN.length) : id);

/**
 * A network by the id of its model.
 * @param progress hears a share from 0 to 1
 * @throws ModelError that says which model, and why it cannot be had
 */
export async function loadModel(
  id: string,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Network> {
  if (id.startsWith(OWN)) {
    const opened = await loadOwn(id, signal);
    if (!store.getState().models.some((card) => card.id === id)) addCard(ownCard(id, opened));
    return opened.network;
  }
  const entry = (await shipped()).find(({ name }) => name === id);
  if (!entry) throw new ModelError(`the lab comes with no model ${id}: choose another`);
  return (await loadShipped(entry, progress, signal)).network;
}

/** Takes a model from a file and asks it, or says why not; whatever was there stays. */
export async function openModelFile(file: File): Promise<void> {
  try {
    if (file.size > LARGEST_MODEL) {
      throw new ModelError(`the file has more than ${LARGEST_MODEL / 2 ** 20} MB`);
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const opened = openModel(bytes);
    const name =
      plainName(file.name.replace(/\.safetensors$/i, ''), LONGEST_MODEL_NAME - OWN.length) || 'model';
    const id = OWN + name;
    await keepOwn(id, bytes, opened);
    addCard(ownCard(id, opened));
    chooseModel(id);
    mended('file');
  } catch (error) {
    notify('error', `“${file.name}” cannot be asked: ${messageOf(error)}`, undefined, 'file');
  }
}

export function chooseModel(id: string): void {
  store.setState(({ classify }) => ({
    classify: { ...classify, models: [id, ...classify.models.slice(1).filter((other) => other !== id)] },
  }));
}

/** Puts a second network beside the first, or takes it away: null. */
export function chooseBeside(id: string | null): void {
  store.setState(({ classify }) => ({
    classify: { ...classify, models: [...classify.models.slice(0, 1), ...(id === null ? [] : [id])] },
  }));
}
