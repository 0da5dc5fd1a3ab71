/** What a study of Table 2 keeps: a file for each unit, and one of all of them together. */
import { z } from 'zod';
import { FormatError } from '../../codecs/format-error';
import { BINS, EXPONENTS, type Trajectories } from '../density/counts';

const count = z.number().int().min(0);

const trajectoriesSchema = z.object({
  samples: count,
  correct: count,
  density: z.array(z.array(count)),
  converged: z.array(z.array(count)).length(EXPONENTS.length),
});

/** What must be the same in results that are set side by side. */
const protocolSchema = z.object({
  forward: z.enum(['paper', 'settled']),
  /** Where the digits come from: files, or strokes. */
  digits: z.enum(['files', 'strokes']),
  training: count,
  test: count,
  /** Null: the paper's. */
  epochs: count.nullable(),
});

export type Protocol = z.infer<typeof protocolSchema>;

const resultSchema = z.object({
  format: z.literal('attractor-table2-result'),
  version: z.literal(1),
  protocol: protocolSchema,
  configuration: z.string(),
  seed: count,
  trajectories: trajectoriesSchema,
});

/** One configuration, trained from one seed. */
export type Table2Result = {
  readonly protocol: Protocol;
  readonly configuration: string;
  readonly seed: number;
  readonly trajectories: Trajectories;
};

const tableSchema = z.object({
  format: z.literal('attractor-table2'),
  version: z.literal(1),
  protocol: protocolSchema,
  results: z.array(z.object({ configuration: z.string(), seed: count, trajectories: trajectoriesSchema })),
});

export type Table2 = {
  readonly protocol: Protocol;
  readonly results: readonly Omit<Table2Result, 'protocol'>[];
};

export const writeResult = (result: Table2Result): string =>
  `${JSON.stringify({ format: 'attractor-table2-result', version: 1, ...result })}\n`;

export const writeTable = (table: Table2): string =>
  `${JSON.stringify({ format: 'attractor-table2', version: 1, ...table })}\n`;

/** @throws FormatError when the text is no such result */
export function readResult(text: string): Table2Result {
  const { protocol, configuration, seed, trajectories } = parse(text, resultSchema, 'result of study table2');
  checkCounts(trajectories);
  return { protocol, configuration, seed, trajectories };
}

/** @throws FormatError when the text is no such table */
export function readTable(text: string): Table2 {
  const { protocol, results } = parse(text, tableSchema, 'table of study merge');
  for (const { trajectories } of results) checkCounts(trajectories);
  return { protocol, results };
}

/** @throws FormatError when the text is not what it is taken for */
export function parse<T>(text: string, schema: z.ZodType<T>, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FormatError('this is not JSON, or ends too soon');
  }
  const { data, success } = schema.safeParse(value);
  if (!success) throw new FormatError(`this is no ${what}`);
  return data;
}

/** Counts must add up, since everything else is counted from them. */
function checkCounts({ samples, correct, density, converged }: Trajectories): void {
  const sums = converged.every((counts) => counts.reduce((sum, n) => sum + n, 0) === samples);
  const bins = density.every(
    (pairs) => pairs.length % 2 === 0 && pairs.every((value, i) => i % 2 === 1 || value < BINS),
  );
  if (!sums || !bins || correct > samples) throw new FormatError('its counts do not add up');
}

/** Sorted, so that the order in which shards end does not matter. */
export function merge(results: readonly Table2Result[], order: readonly string[]): Table2 {
  const [first] = results;
  if (!first) throw new FormatError('there are no results');
  const same = JSON.stringify(first.protocol);
  const seen = new Map<string, string>();
  const found = results.flatMap(({ protocol, ...result }) => {
    const { configuration, seed } = result;
    if (JSON.stringify(protocol) !== same)
      throw new FormatError(
        `${configuration}, seed ${seed} was made in another way than the others: ${JSON.stringify(protocol)}, not ${same}`,
      );
    const name = `${configuration} ${seed}`;
    const counts = JSON.stringify(result.trajectories);
    const before = seen.get(name);
    if (before !== undefined && before !== counts)
      throw new FormatError(`${configuration}, seed ${seed} is there twice, with different counts`);
    seen.set(name, counts);
    return before === undefined ? [result] : [];
  });
  const place = ({ configuration }: { readonly configuration: string }): number =>
    order.indexOf(configuration);
  return {
    protocol: first.protocol,
    results: found.sort((a, b) => place(a) - place(b) || a.seed - b.seed),
  };
}
