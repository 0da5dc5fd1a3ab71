/** What a person chooses about a run, as a schema: shared by run files and by what the lab remembers. */
import { z } from 'zod';
import { SOLVERS, type Solver, type SolverChoices, type SolverKind } from '../solve/solvers';
import { rangeWords, type NumberRange, type Parameter } from '../solve/solvers/parameter';

/** The highest iteration that a run can reach; state 0 comes before the first. */
export const HIGHEST_ITERATION = 1_000_000;

function numberSchema({ min, max, without, whole }: NumberRange): z.ZodNumber {
  const number = whole ? z.int() : z.number();
  const above = without === 'min' || without === 'both' ? number.gt(min) : number.min(min);
  if (max === Infinity) return above;
  return without === 'max' || without === 'both' ? above.lt(max) : above.max(max);
}

function parameterSchema(parameter: Parameter): z.ZodType {
  switch (parameter.type) {
    case 'number':
      return numberSchema(parameter.range).describe(parameter.hint);
    case 'auto':
      return z
        .union([z.literal('auto'), numberSchema(parameter.range)], {
          error: `must be "auto" or a number ${rangeWords(parameter.range)}`,
        })
        .describe(parameter.hint);
    case 'choice': {
      const words = z.enum(Object.keys(parameter.words));
      return 'absent' in parameter
        ? words.exactOptional().describe(`${parameter.hint}; "${parameter.absent}" where it is absent`)
        : words.describe(parameter.hint);
    }
  }
}

const schemaOf = ({ kind, parameters }: (typeof SOLVERS)[number]) =>
  z.strictObject({
    kind: z.literal(kind),
    ...Object.fromEntries(Object.entries(parameters).map(([name, each]) => [name, parameterSchema(each)])),
  });

const schemas = SOLVERS.map(schemaOf);

/** Each solver's settings. The table of solvers says what they are, which TypeScript cannot follow through a schema. */
export const solverSchemas = Object.fromEntries(
  SOLVERS.map(({ kind }, i) => [kind, schemas[i]]),
) as unknown as { readonly [K in SolverKind]: z.ZodType<SolverChoices[K]> };

const quoted = SOLVERS.map(({ kind }) => `"${kind}"`);

const solver = z.discriminatedUnion('kind', schemas as [(typeof schemas)[number]], {
  error: `must be ${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`,
}) as unknown as z.ZodType<Solver>;

export const settingsSchema = z.strictObject({
  schedule: z.enum(['synchronous', 'even-odd', 'coloured', 'sweep-up', 'sweep-down', 'sweep-up-down']),
  solver,
  local: z
    .enum(['exact', 'damped'])
    .exactOptional()
    .describe('How a CHN unit finds its best state; "exact" where it is absent.'),
  criterion: z
    .enum(['map', 'step', 'paper'])
    .exactOptional()
    .describe('Which residual the tolerance bounds; "map" where it is absent.'),
  tolerance: z.number().gt(0).lt(1).describe('A run has converged when that residual is below this.'),
  iterationLimit: z.int().min(1).max(HIGHEST_ITERATION),
});

/** The name under which schedule and solver were chosen together, where they were. */
export const presetSchema = z.literal('fastest');
