/** What a study found, in numbers and as Markdown. */
import { mapMean, MAP_MARKS, paperMean, type Mean } from './solver-study-counts';
import {
  CHN_DEQ,
  CHN_FASTEST,
  dampingOfCase,
  FASTEST,
  iterationsOf,
  PAPERS_BEST,
  type StudyCase,
  type StudyModel,
} from './solver-study-cases';
import type { StudyDigit } from './solver-study-block';

export type StudySummary = {
  readonly digits: number;
  /** The paper's count. */
  readonly paper: Mean;
  /** One for each of `MAP_MARKS`. */
  readonly map: readonly [Mean, Mean];
  /** Share of digits that are told right, 0 to 1. */
  readonly accuracy: number;
  /** True error at each of `MAP_MARKS`, over the digits that got there: the middle one and the largest; NaN without any. */
  readonly error: readonly [StudyError, StudyError];
  /** Share that ends at another equilibrium, 0 to 1. */
  readonly elsewhere: number;
};

export type StudyError = { readonly median: number; readonly largest: number };

/** @param labels the right classes, one a digit */
export function summarise(
  model: StudyModel,
  each: StudyCase,
  digits: readonly StudyDigit[],
  labels: ArrayLike<number>,
): StudySummary {
  const iterations = iterationsOf(model, each);
  const errorAt = (mark: 0 | 1): StudyError => {
    const errors = digits.flatMap(({ error }) => error[mark] ?? []).sort((a, b) => a - b);
    return { median: errors[errors.length >> 1] ?? NaN, largest: errors.at(-1) ?? NaN };
  };
  const share = (yes: (digit: StudyDigit, i: number) => boolean): number =>
    digits.filter(yes).length / digits.length;
  return {
    digits: digits.length,
    paper: paperMean(digits, { iterations, damping: dampingOfCase(each) }),
    map: [mapMean(digits, 0, iterations), mapMean(digits, 1, iterations)],
    accuracy: share(({ guess }, i) => guess === labels[i]),
    error: [errorAt(0), errorAt(1)],
    elsewhere: share((digit) => digit.elsewhere),
  };
}

export type StudyRow = {
  readonly model: StudyModel;
  readonly case: StudyCase;
  readonly summary: StudySummary;
};

const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

/** Three figures, and the share that failed where there is one. */
function count({ mean, failed }: Mean): string {
  const figure = mean.toPrecision(3);
  return failed > 0 ? `${figure} (${percent(failed, 2)})` : figure;
}

const scientific = (value: number): string => (Number.isFinite(value) ? value.toExponential(1) : '–');

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function modelTable(rows: readonly StudyRow[]): readonly string[] {
  const [coarse, fine] = MAP_MARKS.map((mark) => mark.toExponential());
  return [
    line([
      'schedule',
      'solver',
      'Table 2’s count',
      'in time',
      `map ${coarse ?? ''}`,
      `map ${fine ?? ''}`,
      'accuracy',
      `error at ${coarse ?? ''}`,
      `error at ${fine ?? ''}`,
      'elsewhere',
    ]),
    line(['---', '---', '--:', '--:', '--:', '--:', '--:', '--:', '--:', '--:']),
    ...rows.map(({ case: each, summary: { paper, map, accuracy, error, elsewhere } }) =>
      line([
        each.schedule,
        each.solver,
        count({ ...paper, mean: paper.mean / (1 - dampingOfCase(each)) }),
        dampingOfCase(each) > 0 ? paper.mean.toPrecision(3) : '',
        count(map[0]),
        count(map[1]),
        percent(accuracy),
        ...error.map(({ median, largest }) => `${scientific(median)}, ${scientific(largest)}`),
        elsewhere > 0 ? percent(elsewhere, 2) : '0',
      ]),
    ),
  ];
}

/** How one row's map counts compare with another's of the same model: [at the first mark, at the second]. */
export function ratios(
  rows: readonly StudyRow[],
  model: string,
  id: string,
  against: string,
): readonly [number, number] | null {
  const find = (which: string): StudyRow | undefined =>
    rows.find((row) => row.model.name === model && row.case.id === which);
  const ours = find(id)?.summary.map;
  const theirs = find(against)?.summary.map;
  return ours && theirs ? [ours[0].mean / theirs[0].mean, ours[1].mean / theirs[1].mean] : null;
}

const COMPARED = [
  {
    model: 'ham3',
    id: FASTEST,
    name: 'Fastest (even-odd L-BFGS, window 5, first scale fitted)',
    against: PAPERS_BEST,
    other: 'even-odd Anderson',
  },
  {
    model: 'ham5',
    id: FASTEST,
    name: 'Fastest (even-odd L-BFGS, window 5, first scale fitted)',
    against: PAPERS_BEST,
    other: 'even-odd Anderson',
  },
  { model: 'chn3', id: CHN_FASTEST, name: 'even-odd, exact local solve', against: CHN_DEQ, other: 'CHN-DEQ' },
] as const;

/**
 * The page of the study.
 * @param about the command that made it, the digits it ran on, and the engine it ran on
 */
export function studyPage(
  rows: readonly StudyRow[],
  about: { readonly command: string; readonly digits: string; readonly engine: string },
): string {
  const models = [...new Set(rows.map(({ model }) => model))];
  const compared = COMPARED.flatMap(({ model, id, name, against, other }) => {
    const found = ratios(rows, model, id, against);
    return found ? [line([model, name, other, ...found.map((ratio) => ratio.toFixed(3))])] : [];
  });
  const tables = models.flatMap((model) => {
    const { name, iterations } = model;
    return [
      `## ${name}`,
      '',
      `Up to ${iterations.synchronous} iterations under the synchronous schedule, ${iterations.others} under the others.`,
      '',
      ...modelTable(rows.filter((row) => row.model === model)),
      '',
    ];
  });
  return [
    '# Solvers on trained networks',
    '',
    `Made by one command, on ${about.digits}, with ${about.engine}:`,
    '',
    `    ${about.command}`,
    '',
    ...EXPLANATION,
    '',
    '## Past the paper',
    '',
    'Iterations of the first as a share of those of the second, to the same map residual:',
    '',
    line(['model', 'solver', 'against', ...MAP_MARKS.map((mark) => `map ${mark.toExponential()}`)]),
    line(['---', '---', '---', '--:', '--:']),
    ...compared,
    '',
    'Where a network has learned where its equilibria lie, fewer still will do: [the paper’s evidence, again](paper.md#past-the-paper).',
    '',
    ...tables,
  ].join('\n');
}

const EXPLANATION = [
  'The networks are 784-1990-10 (ham3, chn3) and 784-1280-510-200-10 (ham5), trained on MNIST by the paper’s authors’',
  'code, with ρ(s) = sigmoid(4s − 2). The picture is clamped, every other layer starts at zero. Two thousand digits took 37 minutes',
  'of one core (AMD EPYC, Node 20).',
  '',
  '- **Table 2’s count**: the mean zero-based index of the first step ‖y_{t+1} − y_t‖ / ‖y_{t+1}‖ below 1e-4 between',
  '  successive map outputs y (of the even layers alone in a HAM under even-odd). Index 0 counts as',
  '  not converged, and what never converged counts as the number of steps. **In time** it is times 1 − damping, as the authors’ training',
  '  callback counts and their Table 2 does not: a step with damping ½ goes half as far.',
  '- **Map**: the mean first iteration whose map residual ‖f(s) − s‖ / ‖f(s)‖ over all free units is below the mark.',
  '  What never got there counts as the number of iterations.',
  '- In brackets stands the share of digits that failed. Without brackets none did.',
  '- **Accuracy**: the share of digits whose most active output unit is the right one, in the last state.',
  '- **Error**: ‖s − s*‖ / ‖s*‖ over all free units at the first state below the mark, median and largest over the digits',
  '  that got there, where s* is the equilibrium, found in float64 to a map residual of 1e-11.',
  '- **Elsewhere**: the share of digits that end at another equilibrium than float64 finds from the same start; their',
  '  error is measured against that one.',
  '- A run stops at its first state below the smaller mark. Where the paper’s step is not small by then, it counts as',
  '  small at the next state.',
  '- Anderson without a safeguard can stray on rounding alone: which one or two digits in a thousand it fails on changes with',
  '  the order of a sum. Nothing else here does.',
] as const;
