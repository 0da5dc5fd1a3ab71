/**
 * The lanes of Classify as a file: what was asked, on which networks, and how each lane went, so that it is asked again and compared.
 * `docs/run-format.md` explains the fields.
 */
import { z } from 'zod';
import { FormatError } from '../../../codecs/format-error';
import { numberList } from '../../../codecs/number-list';
import { plainName } from '../../../codecs/plain-name';
import { describeIssue } from '../../../codecs/schema-issue';
import { shortFloat32, toNumbers } from '../../../codecs/short-float';
import type { Network } from '../../../network/network';
import type { Floats } from '../../../numbers/floats';
import { networkHash } from '../../../records/network-hash';
import {
  checkTrace,
  layOut,
  parseJson,
  readTrace,
  writtenEngine,
  writtenTrace,
} from '../../../records/run-parts';
import { fileFields, MOST_UNITS, runFields } from '../../../records/run-schema';
import type { SavedRun } from '../../actions/compare-runs';
import { settingsSchema } from '../../../records/settings-schema';
import { APP } from '../../app-identity';
import { DIGIT_RUNS } from '../../services/file-kind';
import { MOST_LANES } from '../stage/lanes';
import { activitiesAt, lastOf, type ModelLane } from '../stage/stage-state';
import type { LabState } from '../../store';
import { askedOf, askedSchema, stateOf } from './asked';

const VERSION = 1;

const MOST_LAYERS = 100;

const list = (description: string) => numberList({ most: MOST_UNITS, nullable: true, description });

const network = z.strictObject({
  layers: z.array(z.int().min(1).max(MOST_UNITS)).min(2).max(MOST_LAYERS),
  hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'),
});

const run = z.strictObject({
  ...runFields,
  settings: settingsSchema.extend({ curvature: z.literal('learned').exactOptional() }),
  /** Its place in `networks`. */
  network: z.int().min(0).max(1),
  start: z.union([
    z.enum(['zero', 'forward', 'learned']),
    z.array(list('One entry a unit of a layer: where an earlier run ended.')).max(MOST_LAYERS),
  ]),
  outputs: list('ρ of the output units in the last state.'),
});

const fileSchema = z.strictObject({
  format: z.literal(DIGIT_RUNS),
  version: z.literal(VERSION),
  ...fileFields,
  asked: askedSchema,
  networks: z.array(network).min(1).max(2),
  runs: z.array(run).max(2 * MOST_LANES),
});

type RunsFile = z.output<typeof fileSchema>;

export type OpenedRuns = {
  /** What brings back what was asked. */
  readonly state: Partial<LabState>;
  /** One a network: its model's id, its hash, and where it had come to rest before, if lanes began there. */
  readonly networks: readonly {
    readonly model: string;
    readonly hash: string;
    readonly rest: readonly Floats[] | null;
  }[];
  readonly runs: readonly SavedRun[];
};

/** The lanes that are on the stage, those that have begun. */
export function writeRuns(state: LabState, savedAt: Date = new Date()): string {
  const { runs } = state.classifyStage;
  const networks = [...new Set(runs.map(({ network }) => network))];
  return layOut({
    format: DIGIT_RUNS,
    version: VERSION,
    app: { name: plainName(APP.name), version: plainName(APP.version) },
    savedAt: savedAt.toISOString(),
    asked: askedOf(state, shortFloat32),
    networks: networks.map((each) => ({
      layers: each.layers.map(({ units }) => units),
      hash: networkHash(each),
    })),
    runs: runs.flatMap((lane) => writtenRun(lane, networks)),
  });
}

function writtenRun(lane: ModelLane, networks: readonly Network[]): readonly z.input<typeof run>[] {
  const { record, query } = lane;
  if (!record) return [];
  const { name, startedAt, engine, settings, preset, freeUnits, trace, stop, start } = record;
  return [
    {
      name: plainName(name),
      network: networks.indexOf(lane.network),
      startedAt,
      engine: writtenEngine(engine),
      settings,
      ...(preset === undefined ? {} : { preset }),
      ...(freeUnits === null ? {} : { freeUnits }),
      start: start === 'last' ? query.start.map(toNumbers) : start,
      trace: writtenTrace(trace),
      stop,
      outputs: toNumbers(activitiesAt(lane, lastOf(lane))?.at(-1) ?? new Float32Array()),
    },
  ];
}

/** @throws FormatError, one line that says what is wrong and where */
export function readRuns(text: string): OpenedRuns {
  const json = parseJson(text);
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new FormatError(issue ? describeIssue(json, issue) : 'The file holds no runs');
  }
  const { asked, networks, runs } = parsed.data;
  for (const [i, each] of runs.entries()) checkTrace(each, `runs[${i}].`);
  const { models } = asked.classify;
  if (networks.length !== models.length)
    throw new FormatError(`networks is a list of ${networks.length}; asked names ${models.length}`);
  return {
    state: stateOf(asked),
    networks: networks.map(({ hash, layers }, i) => ({
      model: models[i] ?? '',
      hash,
      rest: restOf(
        runs.filter(({ network }) => network === i),
        layers,
      ),
    })),
    runs: runs.map(({ name, trace, stop }) => ({ name, trace: readTrace(trace), stop })),
  };
}

/** Where runs on one network began, if that was where it had come to rest. */
function restOf(runs: RunsFile['runs'], layers: readonly number[]): readonly Floats[] | null {
  const start = runs.map((each) => each.start).find((each) => typeof each !== 'string');
  if (start === undefined) return null;
  if (start.map(({ length }) => length).join() !== layers.join())
    throw new FormatError(
      `a start has layers of ${start.map(({ length }) => length).join('-')} units; its network ${layers.join('-')}`,
    );
  return start.map((values) => Float32Array.from(values, (x) => x ?? NaN));
}
