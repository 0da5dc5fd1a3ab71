/**
 * A session as a file: what is asked, how it lies on the desk, the person's own sets and the latest runs. JSON of what the library keeps,
 * held to the same schemas; numbers that the library keeps as bytes are here base64 of their bytes, little-endian:
 * `{ "float32": "…" }`, `{ "uint8": "…" }` or `{ "int8": "…" }`.
 */
import { z } from 'zod';
import { APP } from '../app-identity';
import { MOST_RUNS, type LabSet, type LabState } from '../store';
import { packRuns, parseRuns, type RestoredRun } from './kept-runs';
import { packSet, parseSession, parseSet, sessionOf, type StoredSession } from './library-schema';

export const SESSION_FORMAT = 'attractor-session';
const VERSION = 1;

/** The longest session file that is read, in bytes. */
export const LARGEST_SESSION = 256 * 2 ** 20;

const MOST_SETS = 1000;

/** Why a session cannot be opened; the message is for the person. */
export class SessionFileError extends Error {
  override readonly name = 'SessionFileError';
}

export type OpenedSession = {
  readonly session: StoredSession;
  readonly sets: readonly LabSet[];
  readonly runs: readonly RestoredRun[];
  /** Sets and runs that could not be read. */
  readonly dropped: number;
};

const ARRAYS = { float32: Float32Array, int8: Int8Array, uint8: Uint8Array } as const;

function toBase64({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return btoa(
    Array.from(new Uint8Array(buffer, byteOffset, byteLength), (byte) => String.fromCharCode(byte)).join(''),
  );
}

function pack(_: string, value: unknown): unknown {
  const kind = Object.entries(ARRAYS).find(([, List]) => value instanceof List)?.[0];
  return kind === undefined ? value : { [kind]: toBase64(value as ArrayBufferView) };
}

function unpack(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0) return value;
  const [kind, base64] = entry as [string, unknown];
  if (!Object.hasOwn(ARRAYS, kind) || typeof base64 !== 'string') return value;
  const List = ARRAYS[kind as keyof typeof ARRAYS];
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return new List(bytes.buffer);
}

/** The file that brings a state of the lab back. */
export function writeSession(state: LabState): string {
  const own = state.sets.filter(({ origin }) => origin === 'own');
  const file = {
    format: SESSION_FORMAT,
    version: VERSION,
    app: APP,
    savedAt: new Date().toISOString(),
    session: sessionOf(state),
    sets: own.map(({ id, set }, position) => packSet(id, position, set)),
    runs: packRuns(state.runs, MOST_RUNS),
  };
  return JSON.stringify(file, pack);
}

const fileSchema = z.object({
  version: z.literal(VERSION, { error: `a version other than ${VERSION}, which this lab does not know` }),
  session: z.unknown(),
  sets: z.array(z.unknown()).max(MOST_SETS),
  runs: z.array(z.unknown()).max(MOST_RUNS),
});

/** @throws SessionFileError where nothing of it can be used */
export function readSession(text: string): OpenedSession {
  let content: unknown;
  try {
    content = JSON.parse(text, unpack);
  } catch {
    throw new SessionFileError('it is damaged or cut off');
  }
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SessionFileError(
      issue?.path[0] === 'version'
        ? `it has ${issue.message}`
        : `its ${issue?.path.join('.') || 'content'} is not what it must be`,
    );
  }
  const session = parseSession(parsed.data.session);
  if (session === null) throw new SessionFileError('its session is not what it must be');
  const sets = parsed.data.sets.map(parseSet);
  const read = sets.filter((set) => set !== null);
  const { runs, dropped } = parseRuns(parsed.data.runs, MOST_RUNS);
  return {
    session,
    sets: read.map(({ id, set }): LabSet => ({ id, origin: 'own', set })),
    runs,
    dropped: sets.length - read.length + dropped,
  };
}
