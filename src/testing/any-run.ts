/** Runs of every kind, at random, for the tests of the formats. For tests only. */
import fc from 'fast-check';
import type { SolveSettings } from '../solve/settings';
import { SOLVERS, type Solver } from '../solve/solvers';
import type { NumberRange, Parameter, ParameterValue } from '../solve/solvers/parameter';
import type { RunRecord } from '../records/run-record';

const name = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .filter(
    (s) =>
      s.length <= 60 && s === s.trim() && /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u.test(s),
  );
const noMinusZero = (x: number): number => x + 0;
const float32 = fc.float({ noNaN: true, noDefaultInfinity: true }).map(noMinusZero);
const float64 = fc.double({ noNaN: true, noDefaultInfinity: true }).map(noMinusZero);
const orNaN = (value: fc.Arbitrary<number>): fc.Arbitrary<number> => fc.oneof(value, fc.constant(NaN));
const residual = orNaN(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }));
const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
const list = (value: fc.Arbitrary<number>, length: number): fc.Arbitrary<number[]> =>
  fc.array(value, { minLength: length, maxLength: length });
const floats32 = (value: fc.Arbitrary<number>, length: number): fc.Arbitrary<Float32Array> =>
  list(value, length).map((numbers) => Float32Array.from(numbers));

const unit = { min: 0, max: 1, maxExcluded: true, noNaN: true } as const;
const dynamics = { dynamics: fc.constantFrom('ham', 'chn') };

const cosine = fc.double({ min: -1, max: 1, noNaN: true }).map(noMinusZero);

function numberIn({ min, max, without, whole }: NumberRange): fc.Arbitrary<number> {
  const most = Math.min(max, 1e6);
  if (whole) return fc.integer({ min, max: most });
  const minExcluded = without === 'min' || without === 'both';
  const maxExcluded = max < Infinity && (without === 'max' || without === 'both');
  return fc.double({ min, max: most, minExcluded, maxExcluded, noNaN: true }).map(noMinusZero);
}

function valueOf(parameter: Parameter): fc.Arbitrary<ParameterValue | undefined> {
  switch (parameter.type) {
    case 'number':
      return numberIn(parameter.range);
    case 'auto':
      return fc.oneof(fc.constant('auto'), numberIn(parameter.range));
    case 'choice': {
      const word = fc.constantFrom(...Object.keys(parameter.words));
      return 'absent' in parameter ? fc.option(word, { nil: undefined }) : word;
    }
  }
}

const solver: fc.Arbitrary<Solver> = fc.oneof(
  ...SOLVERS.map(({ kind, parameters }) =>
    fc
      .record(Object.fromEntries(Object.entries(parameters).map(([name, each]) => [name, valueOf(each)])))
      .map((values) => {
        const given = Object.entries(values).filter(([, value]) => value !== undefined);
        return { kind, ...Object.fromEntries(given) } as Solver;
      }),
  ),
);

const settingsUpTo = (iterationLimit: number): fc.Arbitrary<SolveSettings> =>
  fc.record<SolveSettings, 'schedule' | 'solver' | 'tolerance' | 'iterationLimit'>(
    {
      schedule: fc.constantFrom(
        'synchronous',
        'even-odd',
        'coloured',
        'sweep-up',
        'sweep-down',
        'sweep-up-down',
      ),
      solver,
      local: fc.constantFrom('exact', 'damped'),
      criterion: fc.constantFrom('map', 'step', 'paper'),
      tolerance: fc.double({ ...unit, minExcluded: true }),
      iterationLimit: fc.constant(iterationLimit),
    },
    { requiredKeys: ['schedule', 'solver', 'tolerance', 'iterationLimit'] },
  );

/** Any run of sizes that keep the test quick. */
export const anyRun: fc.Arbitrary<RunRecord> = fc
  .record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    count: fc.integer({ min: 1, max: 4 }),
    states: fc.integer({ min: 0, max: 6 }),
    iterationLimit: fc.integer({ min: 6, max: 1_000_000 }),
    precision: fc.constantFrom('float32', 'float64'),
    memory: fc.oneof(
      fc.record(
        { kind: fc.constant('classical'), gain: positive, ...dynamics },
        { requiredKeys: ['kind', 'gain'] },
      ),
      fc.record(
        {
          kind: fc.constant('dense'),
          gain: positive,
          degree: fc.integer({ min: 1, max: 30 }),
          centred: fc.boolean(),
          ...dynamics,
        },
        { requiredKeys: ['kind', 'gain', 'degree'] },
      ),
      fc.record({ kind: fc.constant('modern'), sharpness: positive }),
    ),
  })
  .chain(({ width, height, count, states, iterationLimit, precision, memory }) => {
    const pixels = width * height;
    const ink = fc.constantFrom(-1, 1);
    const layer = (units: number): fc.Arbitrary<Float32Array | Float64Array> =>
      precision === 'float64'
        ? list(orNaN(float64), units).map((numbers) => Float64Array.from(numbers))
        : floats32(orNaN(float32), units);
    return fc.record<RunRecord, Exclude<keyof RunRecord, 'preset'>>({
      name,
      startedAt: fc.constant('2030-01-31T12:00:00.000Z'),
      engine: fc.record<RunRecord['engine'], 'kind' | 'precision' | 'software'>(
        {
          kind: fc.constantFrom('cpu', 'webgpu'),
          precision: fc.constant(precision),
          adapter: name,
          software: fc.boolean(),
          variant: name,
        },
        { requiredKeys: ['kind', 'precision', 'software'] },
      ),
      memory: fc.constant(memory),
      networkHash: fc.constant('a1'.repeat(32)),
      set: fc.record({
        name,
        width: fc.constant(width),
        height: fc.constant(height),
        memories: fc.array(
          fc.record({
            name,
            picture: floats32(ink, pixels).map((values) => ({ width, height, values })),
          }),
          { minLength: count, maxLength: count },
        ),
      }),
      cue: fc.record<RunRecord['cue'], 'picture' | 'memoryStart' | 'memory' | 'corruption'>(
        {
          picture: floats32(float32, pixels).map((values) => ({ width, height, values })),
          drawing: floats32(float32, pixels).map((values) => ({ width, height, values })),
          memoryStart: fc.oneof(fc.constantFrom('best', 'zero'), floats32(float32, count)),
          held: list(fc.constantFrom(0, 1), pixels).map((mask) => Uint8Array.from(mask)),
          memory: fc.option(name),
          corruption: fc.option(
            fc.record({
              kind: fc.constantFrom('flip', 'gaussian', 'erase-block', 'hide-half'),
              amount: fc.double({ min: 0, max: 1, noNaN: true }).map(noMinusZero),
              seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
            }),
          ),
        },
        { requiredKeys: ['picture', 'memoryStart', 'memory', 'corruption'] },
      ),
      settings: settingsUpTo(iterationLimit),
      preset: fc.constant('fastest'),
      freeUnits: fc.option(fc.integer({ min: 1, max: 17_384 })),
      trace: fc.record({
        energy: list(orNaN(float64), states),
        mapResidual: list(residual.map(noMinusZero), states),
        stepResidual: list(residual.map(noMinusZero), states),
        mu: list(residual.map(noMinusZero), states),
        milliseconds: list(residual.map(noMinusZero), states),
      }),
      stop: fc.option(
        fc.record({
          reason: fc.constantFrom('converged', 'limit', 'diverged', 'oscillates', 'cancelled'),
          iterations: fc.integer({ min: 0, max: iterationLimit }),
        }),
      ),
      verdict: fc.option(
        fc.oneof(
          fc.record({
            kind: fc.constantFrom('recalled', 'inverse', 'none'),
            memory: name,
            overlap: cosine,
          }),
          fc.record({
            kind: fc.constant('tied'),
            memories: fc.array(name, { minLength: 2, maxLength: 4 }),
            overlap: cosine,
          }),
          fc.record({ kind: fc.constantFrom('zero', 'not-finite') }),
        ),
      ),
      finalState: fc.option(fc.tuple(layer(pixels), layer(count))),
    });
  })
  .map((record) => structuredClone(record));
