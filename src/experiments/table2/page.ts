/** `docs/paper.md`: what a study of Table 2 found, beside what the paper prints. */
import {
  baseOf,
  CONFIGURATIONS,
  dampingOf,
  SIZES,
  TABLE_TOLERANCE,
  type Configuration,
  type Layers,
  type Spread,
} from './configurations';
import type { Protocol, Table2 } from './record';
import { fastestSection, type FastestStudy } from './fastest';
import { SETTLED } from './training';
import { EXPONENTS, meanIndex, together, type Trajectories } from '../density/counts';

export type Row = {
  readonly configuration: Configuration;
  readonly seeds: readonly number[];
  /** Raw indices, as Table 2 averages them; the deviation is that of the runs' means, NaN for one. */
  readonly iterations: Spread;
  /** Percent. */
  readonly accuracy: Spread;
  /** Percent that did not get there. */
  readonly failed: number;
  /** The base's iterations through these; NaN without a base. */
  readonly speedUp: number;
  /** All runs added up. */
  readonly trajectories: Trajectories;
};

const EXPONENT = Math.round(Math.log10(TABLE_TOLERANCE));

/** One a configuration that there is a result of, in the paper's order. */
export function rowsOf({ results }: Table2): readonly Row[] {
  const rows = CONFIGURATIONS.flatMap((configuration): Row[] => {
    const runs = results.filter((result) => result.configuration === configuration.name);
    if (runs.length === 0) return [];
    const all = runs.map(({ trajectories }) => trajectories);
    const sum = together(all);
    const counts = sum.converged[EXPONENTS.indexOf(EXPONENT)] ?? [];
    return [
      {
        configuration,
        seeds: runs.map(({ seed }) => seed),
        iterations: spread(all.map((each) => meanIndex(each, EXPONENT))),
        accuracy: spread(all.map(({ correct, samples }) => (100 * correct) / samples)),
        failed: (100 * (counts.at(-1) ?? 0)) / sum.samples,
        speedUp: NaN,
        trajectories: sum,
      },
    ];
  });
  const find = (name: string): Row | undefined =>
    rows.find(({ configuration }) => configuration.name === name);
  return rows.map((row) => ({
    ...row,
    speedUp: (find(baseOf(row.configuration))?.iterations[0] ?? NaN) / row.iterations[0],
  }));
}

/** Mean and sample deviation; NaN for the deviation of one. */
function spread(values: readonly number[]): Spread {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return [mean, values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : NaN];
}

const withSpread = ([mean, deviation]: Spread, digits: number): string =>
  Number.isNaN(deviation) ? mean.toFixed(digits) : `${mean.toFixed(digits)} (±${deviation.toFixed(digits)})`;

const times = (factor: number): string =>
  Number.isNaN(factor) ? '' : `${factor.toFixed(factor < 1 ? 2 : 1)} ×`;

/** Ours, as the paper reckons it: by state updates. Where an iteration updates each unit ten times in two halves it stands with both counts. */
function speedUp({ configuration: { updates }, speedUp }: Row): string {
  if (updates === 1) return times(speedUp);
  return `${times(speedUp / updates)} (${times((2 * speedUp) / updates)})`;
}

function tableOf(layers: Layers, rows: readonly Row[]): string {
  const lines = rows.flatMap((row) => {
    const { configuration, iterations, accuracy, failed, seeds } = row;
    const { paper } = configuration;
    if (configuration.layers !== layers || paper === null) return [];
    const damping = dampingOf(configuration);
    return [
      [
        configuration.title,
        withSpread(paper.iterations, 1),
        withSpread(iterations, 1),
        damping > 0 ? (iterations[0] * (1 - damping)).toFixed(1) : '',
        times(paper.speedUp).replace(/\.0+ /, ' '),
        speedUp(row),
        withSpread(paper.accuracy, 1),
        withSpread(accuracy, 2),
        failedWords(failed),
        String(seeds.length),
      ],
    ];
  });
  const head = [
    'model',
    'iterations, paper',
    'ours',
    'in time',
    'speed-up, paper',
    'ours',
    'accuracy, paper',
    'ours',
    'failed, %',
    'runs',
  ];
  return lines.length === 0
    ? ''
    : `### ${layers} layers: ${SIZES[layers].join('-')}\n\n${markdownTable(head, lines)}\n`;
}

/** The first column is text, the others are numbers. */
function markdownTable(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const bar = ['---', ...head.slice(1).map(() => '---:')];
  return [head, bar, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Both schedules on the same weights, where they were counted. */
function sameWeights(rows: readonly Row[]): string {
  const lines = rows.flatMap(({ configuration: { trainedAs, layers }, seeds, iterations, failed }) => {
    const evenOdd = rows.find(({ configuration }) => configuration.name === trainedAs?.name);
    if (!evenOdd || evenOdd.seeds.join() !== seeds.join()) return [];
    return [
      [
        String(layers),
        withSpread(iterations, 1),
        withSpread(evenOdd.iterations, 1),
        times(iterations[0] / evenOdd.iterations[0]),
        failedWords(failed),
        failedWords(evenOdd.failed),
      ],
    ];
  });
  if (lines.length === 0) return '';
  const head = ['layers', 'iterations, all at once', 'even-odd', 'speed-up', 'failed, %', 'even-odd'];
  return `### The schedule by itself

The rows above are of networks that were trained apart. These are both ways on the weights of HAM-EO:

${markdownTable(head, lines)}

`;
}

const WAYS: Readonly<Record<Protocol['forward'], string>> = {
  settled: 'to a residual',
  paper: 'T iterations',
};

/** Networks that were trained in another way as well, from the same seeds. */
function trainedTwice(table: Table2, beside: Table2): string {
  const isIn = ({ results }: Table2, { configuration, seed }: Table2['results'][number]): boolean =>
    results.some((other) => other.configuration === configuration && other.seed === seed);
  const shared = (of: Table2, with_: Table2): readonly Row[] =>
    rowsOf({ ...of, results: of.results.filter((result) => isIn(with_, result)) });
  const others = shared(beside, table);
  const lines = shared(table, beside).flatMap(({ configuration, seeds, iterations, accuracy }) => {
    const other = others.find((row) => row.configuration.name === configuration.name);
    if (!other) return [];
    return [
      [
        `${configuration.title}, ${configuration.layers} layers`,
        seeds.join(', '),
        withSpread(iterations, 1),
        withSpread(other.iterations, 1),
        withSpread(accuracy, 2),
        withSpread(other.accuracy, 2),
      ],
    ];
  });
  if (lines.length === 0) return '';
  const [mine, theirs] = [WAYS[table.protocol.forward], WAYS[beside.protocol.forward]];
  const head = ['model', 'seed', `iterations, trained ${mine}`, theirs, `accuracy, trained ${mine}`, theirs];
  return `### Trained both ways

What it changes in a network whether training finds states by the paper's T iterations and unrolled gradients (\`study table2 --forward paper\`) or to a residual:

${markdownTable(head, lines)}

`;
}

const failedWords = (percent: number): string => (percent === 0 ? '0' : percent.toPrecision(2));

/** A line where not all of Table 2 is there. */
function missing(rows: readonly Row[]): string {
  const there = new Set(rows.map(({ configuration }) => configuration.name));
  const names = CONFIGURATIONS.map(({ name }) => name).filter((name) => !there.has(name));
  return names.length === 0 ? '' : `- **Not run yet**: ${names.join(', ')}.\n`;
}

/** How HAMs compare with the paper's, by their layers. */
function comparedWithPaper(rows: readonly Row[]): string {
  const words = ([3, 5, 7] as const).flatMap((layers) => {
    const compared = rows.flatMap(({ configuration: { dynamics, layers: its, paper }, ...ours }) =>
      dynamics === 'ham' && its === layers && paper ? [{ ours, paper }] : [],
    );
    if (compared.length === 0) return [];
    const slower = compared.map(({ ours, paper }) => (ours.iterations[0] / paper.iterations[0]).toFixed(2));
    const [behind] = spread(compared.map(({ ours, paper }) => paper.accuracy[0] - ours.accuracy[0]));
    return [
      {
        slower: `${slower.join(', ')} (${layers} layers)`,
        behind: `${behind.toFixed(1)} (${layers} layers)`,
      },
    ];
  });
  return words.length === 0
    ? ''
    : `- **HAMs beside the paper's**: iterations are the paper's times ${words.map(({ slower }) => slower).join(', ')}, in the order of the rows. Accuracy is below
  the paper's by ${words.map(({ behind }) => behind).join(', ')} points. What of the data or of the code makes that is not known.
`;
}

const HOW: Readonly<Record<Protocol['forward'], string>> = {
  settled: `**Training** finds states to a map residual of ${SETTLED.toExponential()}, not by the paper's fixed 40 to 120 iterations: even-odd HAMs by our fastest solver, even-odd
  CHNs by Picard with exact local solves. At an equilibrium the gradient does not depend on how it was found, so a row and its -DEQ row, which differ in the forward
  solver alone, share one training for each seed. The gradient is the paper's: K further steps of Picard, in HAMs and in CHN-EO by the series that these
  are at an equilibrium.
- **Plain networks** learn apart from even-odd ones, by Picard until a state has settled or for T iterations and no further: the
  paper's training knows no state beyond those either.
- **Plain HAMs** do half of that. All layers moving at once are two even-odd runs that never meet, and the output with its gradient is of one of them: T such
  iterations and K steps learn exactly what T / 2 and K / 2 of even-odd do, and that is how they are trained.`,
  paper: `**Training** finds states as the paper does, by 40 to 120 iterations of the row's own solver, and sends gradients back through K further steps of
  Picard.`,
};

const number = (n: number): string => n.toLocaleString('en');

/**
 * @param figures names of the files beside the page
 * @param fastest what study fastest counted, if that is to stand there too
 * @param beside a table of networks that were trained in the other way
 */
export function paperPage(
  table: Table2,
  rows: readonly Row[],
  figures: readonly { readonly file: string; readonly about: string }[],
  { fastest, beside }: { readonly fastest?: FastestStudy; readonly beside?: Table2 } = {},
): string {
  const { forward, training, test, digits, epochs } = table.protocol;
  const source = digits === 'strokes' ? 'digits drawn by the stroke generator' : 'MNIST';
  return `# The paper's evidence, again

Goemaere, Deleu and Demeester (2024) show what their ways are worth by their Table 2 and by Figures 3 and 4. Here are both from networks trained by
this project. This page is written by commands, from what \`study table2\` keeps in a folder RESULTS ([how long that takes, and how to spread
it](cluster.md)); this project keeps its own in [\`docs/table2\`](table2/README.md):

    npm run --silent attractor -- study table2 --images IMAGES --labels LABELS --test-images TEST_IMAGES --test-labels TEST_LABELS --out RESULTS
    npm run --silent attractor -- study merge --results RESULTS --out table2.json
    npm run --silent attractor -- study paper --table table2.json${beside ? ' --beside other.json' : ''}${fastest ? ' --fastest fastest.json' : ''} --out docs/paper.md

## Table 2

Iterations until the relative residual ‖yₜ₊₁ − yₜ‖ / ‖yₜ₊₁‖ of successive states is below ${TABLE_TOLERANCE.toExponential()}, as mean index over ${number(test)} test digits: a digit
that never gets there counts as T − 1, and so does one that is there at index 0. ± is the sample deviation of the runs' means. **In time** is the count times 1 − damping, as the
authors' training callback reckons; Table 2 itself leaves the factor out. **Speed-up** is over the first plain row, by state updates.

${([3, 5, 7] as const)
  .map((layers) => tableOf(layers, rows))
  .filter(Boolean)
  .join('\n')}
${sameWeights(rows)}${beside ? trainedTwice(table, beside) : ''}${missing(rows)}- One iteration of CHN-EO is ten damped local steps in each half. The paper counts them as 20 state updates; every unit is updated ten times (in
  brackets).
- **Data**: ${number(training)} training digits of ${source}${epochs === null ? '' : `, ${epochs} epochs at most`}, and all ${number(test)} test digits. The paper's are EMNIST's MNIST split, of which its code tests
  9,984 digits.
- ${HOW[forward]}
${comparedWithPaper(rows)}- **CHN and CHN-DEQ** of 3 and 4 epochs are trained at the rates of the first 3 and 4 of ten: whether the paper's short runs had a schedule of their own is not
  recorded.
- **CHN-EO**: the authors' code reads the last ten of the state vector as the output. With the layers in the order [even, odd] these are ten hidden units, and what its
  output layer does is left free. Ours reads the output layer, so these two rows are of other networks than the paper's.

## Figures 3 and 4

How many of all trajectories are in a cell of iteration and residual. Cyan is the mean index at which residuals fall below each tolerance, the dashed line the
tolerance of Table 2, and the ring its number. Colours are set by the first panel of each half, as in the paper.

${figures.map(({ file, about }) => `![${about}](${file})`).join('\n\n')}
${fastest ? `\n${fastestSection(fastest)}` : ''}`;
}
