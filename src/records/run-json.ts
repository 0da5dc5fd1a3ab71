/** A run as JSON text, there and back. `docs/run-format.md` explains the fields. */
import type { Floats } from '../numbers/floats';
import { MOST_MEMORIES, type MemorySet } from '../patterns/picture';
import { FormatError } from '../codecs/format-error';
import { packPixels, unpackPixels } from '../codecs/pixel-bits';
import { plainName } from '../codecs/plain-name';
import type { RunRecord } from './run-record';
import {
  checkTrace,
  layOut,
  parseJson,
  readEngine,
  readTrace,
  writtenEngine,
  writtenTrace,
  type AppIdentity,
} from './run-parts';
import { RUN_FORMAT, RUN_VERSION, runSchema, type RunFile } from './run-schema';
import { RECALLED_FROM, type Verdict } from '../memory/verdict';
import { describeIssue, describeValue } from '../codecs/schema-issue';
import { shortFloat32, toNumbers } from '../codecs/short-float';

export type ParsedRun = {
  readonly record: RunRecord;
  readonly app: AppIdentity;
  /** ISO 8601, UTC. */
  readonly savedAt: string;
};

function packSet({ name, width, height, memories }: MemorySet): RunFile['set'] {
  return {
    name: plainName(name),
    width,
    height,
    memories: memories.map((memory) => ({
      name: plainName(memory.name),
      bits: packPixels(memory.picture.values),
    })),
  };
}

/**
 * Writes one run. Numbers that are not finite become null, names become plain text (see `plainName`),
 * and the overlap is kept within −1 … 1.
 * @throws RangeError when a memory holds anything but −1 and +1.
 */
export function serialiseRun(record: RunRecord, app: AppIdentity, savedAt: Date = new Date()): string {
  const { cue, trace, finalState, engine } = record;
  const { width, height, values } = cue.picture;
  const [visible, memoryUnits] = finalState ?? [];
  return layOut({
    format: RUN_FORMAT,
    version: RUN_VERSION,
    app: { name: plainName(app.name), version: plainName(app.version) },
    savedAt: savedAt.toISOString(),
    name: plainName(record.name),
    startedAt: record.startedAt,
    engine: writtenEngine(engine),
    memory: record.memory,
    networkHash: record.networkHash,
    set: packSet(record.set),
    cue: {
      picture: { width, height, values: Array.from(values, shortFloat32) },
      ...(cue.drawing && {
        drawing: { ...cue.drawing, values: Array.from(cue.drawing.values, shortFloat32) },
      }),
      memoryStart:
        typeof cue.memoryStart === 'string' ? cue.memoryStart : Array.from(cue.memoryStart, shortFloat32),
      ...(cue.held === undefined ? {} : { held: [...cue.held] }),
      memory: cue.memory === null ? null : plainName(cue.memory),
      corruption: cue.corruption,
    },
    settings: record.settings,
    ...(record.preset === undefined ? {} : { preset: record.preset }),
    ...(record.freeUnits === null ? {} : { freeUnits: record.freeUnits }),
    trace: writtenTrace(trace),
    stop: record.stop,
    ...savedVerdict(record.verdict),
    finalState: visible && memoryUnits ? [toNumbers(visible), toNumbers(memoryUnits)] : null,
  });
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** What must be right before the schema is worth asking: it is a run, of this version, of a sane size. */
function checkEnvelope(file: unknown): void {
  const format = field(file, 'format');
  const version = field(file, 'version');
  if (format !== RUN_FORMAT) {
    throw new FormatError(`format is ${describeValue(format)}; a run file says "${RUN_FORMAT}"`);
  }
  if (version !== RUN_VERSION) {
    const newer = typeof version === 'number' && version > RUN_VERSION;
    const advice = newer
      ? 'a newer Attractor wrote this file, and is needed to open it'
      : `it must be ${RUN_VERSION}`;
    throw new FormatError(
      `version is ${describeValue(version)}; this Attractor reads version ${RUN_VERSION}: ${advice}`,
    );
  }
  const memories = field(field(file, 'set'), 'memories');
  if (Array.isArray(memories) && memories.length > MOST_MEMORIES) {
    throw new FormatError(
      `set.memories is a list of ${memories.length}; it must have at most ${MOST_MEMORIES} entries`,
    );
  }
}

/** What the schema cannot say: the lengths that follow from other fields. */
function checkShapes({ set, cue, memory, settings, trace, stop, finalState }: RunFile): void {
  const pixels = set.width * set.height;
  const size = `${set.width} × ${set.height}`;
  const need = (ok: boolean, message: string): void => {
    if (!ok) throw new FormatError(message);
  };
  for (const key of ['picture', 'drawing'] as const) {
    const picture = cue[key];
    if (!picture) continue;
    const { width, height, values } = picture;
    need(
      width === set.width && height === set.height,
      `cue.${key} is ${width} × ${height}; it must be ${size}, as the memories in set are`,
    );
    need(
      values.length === pixels,
      `cue.${key}.values is a list of ${values.length}; ${size} pixels need ${pixels}`,
    );
  }
  if (cue.held)
    need(
      cue.held.length === pixels,
      `cue.held is a list of ${cue.held.length}; ${size} pixels need ${pixels}`,
    );

  const count = set.memories.length;
  // The classical network's memory units are a basis of the memories, so there may be fewer of them.
  const unitsFit = (units: number): boolean =>
    memory.kind === 'classical' ? units <= count : units === count;
  const most = memory.kind === 'classical' ? 'at most ' : '';
  if (typeof cue.memoryStart !== 'string') {
    const { length } = cue.memoryStart;
    need(unitsFit(length), `cue.memoryStart is a list of ${length}; ${count} memories need ${most}${count}`);
  }

  checkTrace({ trace, settings, stop });
  if (!finalState) return;
  const [visible, units] = finalState;
  need(
    visible.length === pixels,
    `finalState[0] is a list of ${visible.length}; ${size} pixels need ${pixels}`,
  );
  need(
    unitsFit(units.length),
    `finalState[1] is a list of ${units.length}; ${count} memories need ${most}${count}`,
  );
}

function unpackSet({ name, width, height, memories }: RunFile['set']): MemorySet {
  const pixels = width * height;
  return {
    name,
    width,
    height,
    memories: memories.map((memory, i) => {
      try {
        return { name: memory.name, picture: { width, height, values: unpackPixels(memory.bits, pixels) } };
      } catch (error) {
        const found = error instanceof RangeError ? error.message : String(error);
        throw new FormatError(`set.memories[${i}].bits is ${found}`);
      }
    }),
  };
}

function toRecord(file: RunFile): RunRecord {
  const { cue, engine, finalState, recalled, trace } = file;
  const floats = (list: readonly (number | null)[], layer: number): Floats => {
    const numbers = list.map((x) => x ?? NaN);
    if (engine.precision === 'float64') return Float64Array.from(numbers);
    const bad = numbers.findIndex((x) => Math.abs(Math.fround(x)) === Infinity);
    if (bad >= 0) {
      const where = `finalState[${layer}][${bad}]`;
      throw new FormatError(
        `${where} is ${numbers[bad]}; it must be in the range of float32, as engine.precision says`,
      );
    }
    return Float32Array.from(numbers);
  };
  return {
    name: file.name,
    startedAt: file.startedAt,
    engine: readEngine(engine),
    memory: file.memory,
    networkHash: file.networkHash,
    set: unpackSet(file.set),
    cue: {
      picture: { ...cue.picture, values: Float32Array.from(cue.picture.values) },
      ...(cue.drawing && {
        drawing: { ...cue.drawing, values: Float32Array.from(cue.drawing.values) },
      }),
      memoryStart: typeof cue.memoryStart === 'string' ? cue.memoryStart : Float32Array.from(cue.memoryStart),
      ...(cue.held === undefined ? {} : { held: Uint8Array.from(cue.held) }),
      memory: cue.memory,
      corruption: cue.corruption,
    },
    settings: file.settings,
    ...(file.preset === undefined ? {} : { preset: file.preset }),
    freeUnits: file.freeUnits ?? null,
    trace: readTrace(trace),
    stop: file.stop,
    verdict: file.verdict === undefined ? olderVerdict(recalled) : file.verdict,
    finalState: finalState && finalState.map(floats),
  };
}

/** The verdict, and for readers of older files the nearest memory. */
function savedVerdict(verdict: Verdict | null): Pick<RunFile, 'recalled' | 'verdict'> {
  switch (verdict?.kind) {
    case 'recalled':
    case 'inverse':
    case 'none': {
      const memory = plainName(verdict.memory);
      const overlap = Math.max(-1, Math.min(1, verdict.overlap));
      return { recalled: { memory, overlap }, verdict: { kind: verdict.kind, memory, overlap } };
    }
    case 'tied':
      return {
        recalled: null,
        verdict: {
          kind: 'tied',
          memories: verdict.memories.map((memory) => plainName(memory)),
          overlap: Math.max(-1, Math.min(1, verdict.overlap)),
        },
      };
    case 'zero':
    case 'not-finite':
      return { recalled: null, verdict: { kind: verdict.kind } };
    case undefined:
      return { recalled: null, verdict: null };
  }
}

/** Older files name the nearest memory, whatever its overlap. */
function olderVerdict(recalled: RunFile['recalled']): Verdict | null {
  if (!recalled) return null;
  const { memory, overlap } = recalled;
  if (overlap === null) return { kind: 'not-finite' };
  return { kind: overlap >= RECALLED_FROM ? 'recalled' : 'none', memory, overlap };
}

/**
 * Reads one run. A null among the numbers becomes NaN; the final state is float64 where the engine was.
 * @throws FormatError, one line that says what is wrong, where (line and byte, or field), and what would be right.
 */
export function parseRun(text: string): ParsedRun {
  const json = parseJson(text);
  checkEnvelope(json);
  const result = runSchema.safeParse(json);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new FormatError(issue ? describeIssue(json, issue) : 'The file is not a run');
  }
  const file = result.data;
  checkShapes(file);
  return { record: toRecord(file), app: file.app, savedAt: file.savedAt };
}
