/** What the files of runs have in common: how they are laid out, and how a run is told whatever its network is. */
import { FormatError } from '../codecs/format-error';
import { describeJsonFault, findJsonFault } from '../codecs/json-fault';
import { plainName } from '../codecs/plain-name';
import { finiteOrNull } from '../codecs/short-float';
import type { SolveRecord, Trace } from './run-record';
import { LONGEST_ADAPTER, type RunFile } from './run-schema';

/** What wrote a file. */
export type AppIdentity = { readonly name: string; readonly version: string };

/** The longest text that is looked at, in characters: 64 MB where each is one byte, as they are in a run. */
export const LONGEST_RUN_TEXT = 64 * 2 ** 20;

/** One field a line: a person can read it, and a list of numbers does not take a line for each. */
export function layOut(file: object): string {
  const lines = Object.entries(file).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}

export function parseJson(text: string): unknown {
  if (text.length > LONGEST_RUN_TEXT) {
    throw new FormatError(
      `The file has ${text.length} characters; a run has at most ${LONGEST_RUN_TEXT} (64 MB)`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const fault = findJsonFault(text);
    throw new FormatError(fault ? describeJsonFault(text, fault, 'The file') : 'The file is not JSON', {
      cause: error,
    });
  }
}

export function writtenEngine({
  kind,
  precision,
  adapter,
  software,
  variant,
}: SolveRecord['engine']): RunFile['engine'] {
  return {
    kind,
    precision,
    ...(adapter === undefined ? {} : { adapter: plainName(adapter, LONGEST_ADAPTER) }),
    software,
    ...(variant === undefined ? {} : { variant: plainName(variant) }),
  };
}

export function readEngine({ adapter, variant, ...rest }: RunFile['engine']): SolveRecord['engine'] {
  return {
    ...rest,
    ...(adapter === undefined ? {} : { adapter }),
    ...(variant === undefined ? {} : { variant }),
  };
}

export function writtenTrace(trace: Trace): RunFile['trace'] {
  return {
    energy: trace.energy.map(finiteOrNull),
    mapResidual: trace.mapResidual.map(finiteOrNull),
    stepResidual: trace.stepResidual.map(finiteOrNull),
    mu: trace.mu.map(finiteOrNull),
    milliseconds: trace.milliseconds.map(finiteOrNull),
  };
}

export function readTrace(trace: RunFile['trace']): Trace {
  const curve = (key: keyof Trace): number[] =>
    (trace[key] ?? trace.energy.map(() => null)).map((x) => x ?? NaN);
  return {
    energy: curve('energy'),
    mapResidual: curve('mapResidual'),
    stepResidual: curve('stepResidual'),
    mu: curve('mu'),
    milliseconds: curve('milliseconds'),
  };
}

/**
 * Holds the lengths of the curves to one another and to the limit.
 * @param where the run stands in its file, "runs[2]." say
 * @throws FormatError
 */
export function checkTrace(
  { trace, settings, stop }: Pick<RunFile, 'trace' | 'settings' | 'stop'>,
  where = '',
): void {
  const states = trace.energy.length;
  for (const key of ['mapResidual', 'stepResidual', 'mu', 'milliseconds'] as const) {
    const { length } = trace[key] ?? trace.energy;
    if (length !== states)
      throw new FormatError(
        `${where}trace.${key} is a list of ${length}; it must be as long as trace.energy, ${states}`,
      );
  }
  const { iterationLimit } = settings;
  if (states > iterationLimit + 1)
    throw new FormatError(
      `${where}trace.energy is a list of ${states}; settings.iterationLimit ${iterationLimit} allows at most ${iterationLimit + 1} states`,
    );
  if (stop && stop.iterations > iterationLimit)
    throw new FormatError(
      `${where}stop.iterations is ${stop.iterations}; it must be at most settings.iterationLimit, ${iterationLimit}`,
    );
}
