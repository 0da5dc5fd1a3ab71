/** What a person chooses about a figure: where it goes, what it shows, its colours and its file. */

export type FormatName = 'slide' | 'column' | 'square';

export type Content = 'residual' | 'energy' | 'both';

export type FigureChoice = {
  readonly format: FormatName;
  readonly content: Content;
  readonly theme: 'light' | 'dark';
  readonly file: 'png' | 'svg';
};

export const INITIAL_CHOICE: FigureChoice = { format: 'slide', content: 'both', theme: 'light', file: 'png' };

/** Lengths are in units of the layout: pixels, or points (1/72 inch) for print. */
export type Format = {
  readonly title: string;
  readonly hint: string;
  readonly width: number;
  /** Of the whole figure; or of one panel, and the figure is as high as it needs. */
  readonly height: { readonly whole: number } | { readonly panel: number };
  /** The size of the text. All other lengths follow from it. */
  readonly em: number;
  /** Whether two panels stand side by side; one above the other otherwise. */
  readonly sideBySide: boolean;
  /** Pixels of a PNG for a unit. */
  readonly pixels: number;
  /** For print: pixels of a PNG for an inch, and millimetres in an SVG; null for a screen. */
  readonly dotsPerInch: number | null;
};

export const POINTS_PER_INCH = 72;
export const MM_PER_INCH = 25.4;

const COLUMN_MM = 85;
const PRINT = 300;

export const FORMATS: Readonly<Record<FormatName, Format>> = {
  slide: {
    title: 'Slide',
    hint: '16:9, 1920 × 1080 pixels, large type.',
    width: 1920,
    height: { whole: 1080 },
    em: 34,
    sideBySide: true,
    pixels: 1,
    dotsPerInch: null,
  },
  column: {
    title: 'Column of a paper',
    hint: `${COLUMN_MM} mm wide, 8-point type, ${PRINT} dots per inch.`,
    width: (COLUMN_MM / MM_PER_INCH) * POINTS_PER_INCH,
    height: { panel: 142 },
    em: 8,
    sideBySide: false,
    pixels: PRINT / POINTS_PER_INCH,
    dotsPerInch: PRINT,
  },
  square: {
    title: 'Square',
    hint: '1080 × 1080 pixels.',
    width: 1080,
    height: { whole: 1080 },
    em: 27,
    sideBySide: false,
    pixels: 1,
    dotsPerInch: null,
  },
};
