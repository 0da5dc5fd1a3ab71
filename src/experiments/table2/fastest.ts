/** Past the paper: what its best solver, plain Picard and ours take on the same weights. Kept as JSON, shown as the second table of `docs/paper.md`. */
import { z } from 'zod';
import type { Network } from '../../network/network';
import { fastestFor } from '../../solve/fastest';
import { initialSolvers } from '../../solve/solvers';
import type { SolveSettings } from '../../solve/settings';
import type { NamedStart } from '../../solve/starting-point';
import { parse } from './record';

/** Map residuals that are solved to. */
export const RESIDUALS: readonly number[] = [1e-4, 1e-6];

const LIMIT = 1000;

/**
 * The best of Table 2, from zero, and ours. Local solves of a CHN are exact in both: with the paper's ten half steps Anderson stays above
 * 1e-6 in float32.
 */
export function waysOf(
  network: Network,
  tolerance: number,
): Readonly<Record<'best' | 'fastest', { readonly settings: SolveSettings; readonly start: NamedStart }>> {
  const shared: Omit<SolveSettings, 'solver'> = {
    schedule: 'even-odd',
    tolerance,
    iterationLimit: LIMIT,
    ...(network.dynamics === 'chn' ? { local: 'exact' } : {}),
  };
  const { start, ...fastest } = fastestFor(network, { curvature: true });
  return {
    best: { settings: { ...shared, solver: initialSolvers.anderson }, start: 'zero' },
    fastest: { settings: { ...shared, ...fastest }, start },
  };
}

const whole = z.number().int().min(0);
const share = z.number().min(0).max(1);

const solvedSchema = z.object({
  accuracy: share,
  iterations: z.number().min(0),
  /** A digit: start, curvature and iterations, without what the picture drives. */
  multiplyAdds: z.number().min(0),
  failed: whole,
});

const resultSchema = z.object({
  network: z.string(),
  tolerance: z.number().positive(),
  picard: solvedSchema,
  best: solvedSchema,
  /** elsewhere: the share that ends at another equilibrium than Picard from zero. */
  fastest: solvedSchema.extend({ elsewhere: share }),
});

const schema = z.object({
  format: z.literal('attractor-fastest'),
  version: z.literal(1),
  test: whole,
  digits: z.enum(['files', 'strokes']),
  results: z.array(resultSchema),
});

export type FastestResult = z.infer<typeof resultSchema>;
export type FastestStudy = Omit<z.infer<typeof schema>, 'format' | 'version'>;

export const writeFastest = (study: FastestStudy): string =>
  `${JSON.stringify({ format: 'attractor-fastest', version: 1, ...study }, null, 1)}\n`;

/** @throws FormatError when the text is no such file */
export const readFastest = (text: string): FastestStudy => parse(text, schema, 'result of study fastest');

const HEAD = ['network', 'solver', 'iterations', 'multiply–adds', 'accuracy, %', 'elsewhere, %', 'failed'];
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The section of the page, with a table for each residual. */
export function fastestSection({ results, test, digits }: FastestStudy): string {
  const tables = [...new Set(results.map(({ tolerance }) => tolerance))].map((tolerance) => {
    const rows = results.filter((result) => result.tolerance === tolerance).flatMap(rowsOf);
    const bar = ['---', '---', ...HEAD.slice(2).map(() => '---:')];
    return `### To a map residual of ${tolerance.toExponential()}\n\n${[HEAD, bar, ...rows].map(row).join('\n')}\n`;
  });
  return `## Past the paper

Networks that come with this project ([how they were trained](../public/models/README.md)), all ${test.toLocaleString('en')} ${digits === 'strokes' ? 'digits drawn by the stroke generator' : 'test digits of MNIST'}, each solved three times on the same weights: by even-odd Picard,
by even-odd Anderson, which is the best of Table 2, both from zero, and by \`--solver fastest\`: in a HAM L-BFGS on the energy that even-odd leaves, in a
CHN Picard, each with what the network [has learned](command-line.md#a-learned-start). Local solves of a CHN are exact in all three: with the paper's
ten half steps Anderson stays above 1e-6. Here an iteration counts until the map residual ‖f(s) − s‖ / ‖f(s)‖ over
all free units is below the mark. In brackets stands the share of Anderson's.

- **Multiply–adds** of a digit, in millions: iterations, start and curvature. What the picture drives is not among them, since all have it in common.
- **Elsewhere** is the share that ends at another equilibrium than Picard does: more than 5 % away.

    npm run --silent attractor -- study fastest --models MODELS --images TEST_IMAGES --labels TEST_LABELS --out fastest.json

${tables.join('\n')}`;
}

function rowsOf({ network, picard, best, fastest }: FastestResult): readonly (readonly string[])[] {
  const of = (value: number, base: number): string => ` (${(value / base).toFixed(3)})`;
  const line = (name: string, { accuracy, iterations, multiplyAdds }: typeof best, shares = false) => [
    name,
    `${iterations.toPrecision(3)}${shares ? of(iterations, best.iterations) : ''}`,
    `${(multiplyAdds / 1e6).toPrecision(3)}${shares ? of(multiplyAdds, best.multiplyAdds) : ''}`,
    (100 * accuracy).toFixed(2),
  ];
  return [
    [network, ...line('even-odd Picard', picard), '', String(picard.failed)],
    ['', ...line('even-odd Anderson', best), '', String(best.failed)],
    ['', ...line('Fastest', fastest, true), (100 * fastest.elsewhere).toFixed(2), String(fastest.failed)],
  ];
}
