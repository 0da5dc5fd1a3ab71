/** Which configurations stand in which figure. */
import type { Dynamics } from '../../network/network';
import type { Layers } from './configurations';
import { figure, type EncodePng } from './figure';
import type { Row } from './page';

type HalfName = { readonly dynamics: Dynamics; readonly layers: Layers };

const FIGURES: readonly {
  readonly file: string;
  readonly of: string;
  readonly halves: readonly HalfName[];
}[] = [
  {
    file: 'figure-3.svg',
    of: 'Figure 3',
    halves: [
      { dynamics: 'chn', layers: 3 },
      { dynamics: 'ham', layers: 3 },
    ],
  },
  {
    file: 'figure-4.svg',
    of: 'Figure 4',
    halves: [
      { dynamics: 'ham', layers: 5 },
      { dynamics: 'ham', layers: 7 },
    ],
  },
];

/** Panels of a half, in the paper's order: it leaves CHN of ten epochs out. */
const isShown = ({ configuration: { name, paper } }: Row): boolean => paper !== null && name !== 'chn-long-3';

export type Figure = { readonly file: string; readonly about: string; readonly svg: string };

/** Those that there are results for. */
export function figuresOf(rows: readonly Row[], encodePng: EncodePng): readonly Figure[] {
  return FIGURES.flatMap(({ file, of, halves }) => {
    const shown = halves
      .map((half) =>
        rows.filter(
          (row) =>
            isShown(row) &&
            row.configuration.dynamics === half.dynamics &&
            row.configuration.layers === half.layers,
        ),
      )
      .filter(({ length }) => length > 0);
    if (shown.length === 0) return [];
    const words = shown.map(
      (half) => `${half[0]?.configuration.layers ?? 0} layers: ${half.map(inWords).join(', ')}`,
    );
    const about = `${of} of the paper from our runs, residuals that fall over iterations. ${words.join('. ')}`;
    return [{ file, about, svg: figure(shown, about, encodePng) }];
  });
}

const inWords = ({ configuration: { title }, iterations: [mean] }: Row): string =>
  `${title} ${mean.toFixed(1)} iterations`;
