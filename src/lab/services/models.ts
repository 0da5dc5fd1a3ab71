/** Trained networks: those that come with the lab are fetched when they are asked for and stay in the browser; others are files. */
import { readHeader } from '../../codecs/safetensors-header';
import type { Network } from '../../network/network';
import { readModel } from '../../records/model';
import { modelIndexSchema, type ModelIndex } from '../../records/model-index';
import { DIGIT_SIDE } from '../../patterns/place-digit';

/** The browser's own store for what has been fetched, and for files of the person's own. */
const CACHE = 'attractor-models';

/** The largest model file that is read, in bytes. */
export const LARGEST_MODEL = 256 * 2 ** 20;

const MOST_OUTPUTS = 20;

/** Why a model cannot be had; the message is for the person. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}

export type OpenedModel = { readonly network: Network; readonly metadata: ReadonlyMap<string, string> };

type Load = {
  readonly opened: Promise<OpenedModel>;
  /** Who wants to hear how far it has come. */
  readonly listeners: Set<(share: number) => void>;
  share: number;
};

const loads = new Map<string, Load>();

const addressOf = (file: string): string => new URL(`models/${file}`, document.baseURI).href;

/** There is none where a page is not secure, or the person keeps nothing. */
async function cache(): Promise<Cache | null> {
  try {
    return await caches.open(CACHE);
  } catch {
    return null;
  }
}

/** @throws ModelError where the list cannot be had */
export async function fetchModelIndex(): Promise<ModelIndex> {
  try {
    const answer = await fetch(addressOf('index.json'));
    if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
    return modelIndexSchema.parse(await answer.json());
  } catch (error) {
    throw new ModelError(`the list of models could not be loaded (${reason(error)})`);
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The bytes of an answer, `share` of `length` at a time. */
async function download(
  answer: Response,
  length: number,
  heard: (share: number) => void,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let at = 0;
  const reader = answer.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) break;
    if (at + part.value.length > length) throw new Error('it is longer than it should be');
    bytes.set(part.value, at);
    at += part.value.length;
    heard(at / length);
  }
  if (at < length) throw new Error(`it ends after ${at} of ${length} bytes`);
  return bytes;
}

/** Fetches a model that comes with the lab, or takes it from the browser's store. */
async function fetchModel(
  { name, bytes: length, sha256 }: ModelIndex[number],
  heard: (share: number) => void,
): Promise<OpenedModel> {
  // By its content: a model that was trained again is another.
  const address = `${addressOf(`${name}.safetensors`)}?${sha256.slice(0, 16)}`;
  const kept = await cache();
  const known = await kept?.match(address);
  const answer = known ?? (await fetch(address));
  if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
  const bytes = await download(answer, length, heard);
  const opened = openModel(bytes);
  if (!known) await kept?.put(address, new Response(new Blob([bytes.slice()]))).catch(() => undefined);
  return opened;
}

/**
 * Reads a model, and that the lab can show it a digit.
 * @throws ModelError or FormatError that says what is wrong with it
 */
export function openModel(bytes: Uint8Array): OpenedModel {
  const network = readModel(bytes);
  const [inputs = 0, outputs = 0] = [network.layers[0]?.units, network.layers.at(-1)?.units];
  if (inputs !== DIGIT_SIDE ** 2) {
    throw new ModelError(
      `its first layer has ${inputs} units; a drawing has ${DIGIT_SIDE} × ${DIGIT_SIDE} pixels, so it needs ${DIGIT_SIDE ** 2}`,
    );
  }
  if (outputs > MOST_OUTPUTS) {
    throw new ModelError(`its last layer has ${outputs} units; at most ${MOST_OUTPUTS} outputs can be shown`);
  }
  return { network, metadata: readHeader(bytes).metadata };
}

/** Takes up a load that is under way, or is done; a failed one begins again. */
function load(
  id: string,
  begin: (heard: (share: number) => void) => Promise<OpenedModel>,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<OpenedModel> {
  let known = loads.get(id);
  if (!known) {
    const listeners = new Set<(share: number) => void>();
    const opened = begin((share) => {
      entry.share = share;
      for (const listener of listeners) listener(share);
    });
    const entry: Load = { opened, listeners, share: 0 };
    known = entry;
    loads.set(id, entry);
    opened.catch(() => loads.delete(id));
  }
  const { opened, listeners, share } = known;
  if (share < 1) progress(share);
  listeners.add(progress);
  const forget = (): void => void listeners.delete(progress);
  signal.addEventListener('abort', forget, { once: true });
  return opened.finally(forget);
}

/**
 * A model that comes with the lab. It is fetched once, whoever waits for it.
 * @throws ModelError naming it
 */
export async function loadShipped(
  entry: ModelIndex[number],
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<OpenedModel> {
  try {
    return await load(entry.name, (heard) => fetchModel(entry, heard), progress, signal);
  } catch (error) {
    throw new ModelError(`the model ${entry.name} could not be loaded (${reason(error)})`);
  }
}

const ownAddress = (id: string): string => addressOf(`own/${encodeURIComponent(id)}`);

/** Keeps a file of the person's own, so that the next visit finds it. */
export async function keepOwn(id: string, bytes: Uint8Array, opened: OpenedModel): Promise<void> {
  loads.set(id, { opened: Promise.resolve(opened), listeners: new Set(), share: 1 });
  const kept = await cache();
  await kept?.put(ownAddress(id), new Response(new Blob([bytes.slice()]))).catch(() => undefined);
}

/**
 * A file that was taken in, now or at an earlier visit.
 * @throws ModelError where the browser has not kept it
 */
export async function loadOwn(id: string, signal: AbortSignal): Promise<OpenedModel> {
  const read = async (): Promise<OpenedModel> => {
    const answer = await (await cache())?.match(ownAddress(id));
    if (!answer)
      throw new ModelError(
        `the browser has not kept the network “${id.replace(/^own:/, '')}”: open its file again`,
      );
    return openModel(new Uint8Array(await answer.arrayBuffer()));
  };
  return load(id, read, () => undefined, signal);
}
