/**
 * The figure that leaves the lab: one legend, the residual, the energy or both, and a line about the settings. It is laid out
 * for the place where it goes and never stretched, so text has its size whatever the width.
 */
import type { ChartRun } from '../chart-run';
import { DARK_THEME, LIGHT_THEME, type ChartTheme } from '../chart-theme';
import { summarise } from '../summary';
import { FORMATS, type FigureChoice, type Format } from './formats';
import { layPanel, lineOf, markAt, preparePanel, SMALL, type PanelData, type Style } from './panel';
import { short, type Shape, type Text } from './shapes';
import { fitText, joinInLines, splitNames, widthOf, type Ruler } from './text';

export type FigureData = {
  /** In the order of the screen. */
  readonly panels: readonly (PanelData & { readonly content: 'residual' | 'energy' })[];
  /** What holds for all runs, a part each. */
  readonly caption: readonly string[];
};

export type Figure = {
  readonly width: number;
  readonly height: number;
  readonly format: Format;
  readonly theme: ChartTheme;
  /** From back to front. */
  readonly shapes: readonly Shape[];
  /** What is drawn against what. */
  readonly title: string;
  /** What is to be seen, for those who do not see it. */
  readonly description: string;
};

/** In em. */
const MARGIN = 1.25;
const TITLE = 1.2;
const ROW = 1.5;
const SWATCH = 2.4;
const NAME_GAP = 0.5;
const ITEM_GAP = 1.6;
const GAP = 0.9;
const CAPTION_ROW = 1.25;
const BETWEEN = { beside: 2.2, below: 1.1 } as const;

/** The share of the figure that its legend takes at most. */
const LEGEND_SHARE = 0.25;
/** Rows, where the figure grows with its legend. */
const MOST_ROWS = 12;
const MOST_CAPTION_ROWS = 4;

type Laid = { readonly shapes: readonly Shape[]; readonly bottom: number };

/** From one column of names to the next; null where they go on one row, or do not go in columns. */
function columnStep(widths: readonly number[], room: number, mostRows: number, em: number): number | null {
  const gap = ITEM_GAP * em;
  const step = Math.max(0, ...widths) + gap;
  const columns = Math.floor((room + gap) / step);
  const oneRow = widths.reduce((sum, width) => sum + width + gap, -gap) <= room;
  return oneRow || columns < 2 || Math.ceil(widths.length / columns) > mostRows ? null : step;
}

/** The names in rows. Those for which there is no room are counted. */
function layLegend(
  runs: readonly ChartRun[],
  names: readonly string[],
  top: number,
  width: number,
  mostRows: number,
  style: Style,
): Laid {
  const { em, ruler, theme } = style;
  const left = MARGIN * em;
  const right = width - MARGIN * em;
  const lead = (SWATCH + NAME_GAP) * em;
  const shapes: Shape[] = [];
  const word = (text: string, x: number, row: number, colour: string): Text => ({
    ...{ kind: 'text', text, x, y: top + (row + 0.85) * ROW * em - 0.15 * em },
    ...{ size: em, weight: 400, colour, anchor: 'start' },
  });
  const widths = names.map((name) => lead + widthOf(name, em, 400, ruler));
  const step = columnStep(widths, right - left, mostRows, em);
  // Of the last row, what "and 12 more" takes.
  const rest = widthOf(`and ${runs.length} more`, em, 400, ruler) + ITEM_GAP * em;
  let x = left;
  let row = 0;
  for (const [i, run] of runs.entries()) {
    const last = i === runs.length - 1;
    const room = right - (row === mostRows - 1 && !last ? rest : 0);
    if (x > left && x + (widths[i] ?? 0) > room) {
      if (row === mostRows - 1) {
        shapes.push(word(`and ${runs.length - i} more`, x, row, theme.muted));
        break;
      }
      x = left;
      row++;
    }
    const within = right - (row === mostRows - 1 && !last ? rest : 0);
    const name = fitText(names[i] ?? '', within - x - lead, em, 400, ruler);
    const middle = top + (row + 0.5) * ROW * em;
    shapes.push(
      lineOf(run, `M${short(x)} ${short(middle)}H${short(x + SWATCH * em)}`, style),
      markAt(run, { x: x + (SWATCH / 2) * em, y: middle }, style),
      word(name, x + lead, row, theme.text),
    );
    x += step ?? lead + widthOf(name, em, 400, ruler) + ITEM_GAP * em;
  }
  return { shapes, bottom: runs.length === 0 ? top : top + (row + 1) * ROW * em };
}

/** @param bottom where the last line ends; the height that they take is `lines.length` rows. */
function layCaption(lines: readonly string[], bottom: number, { em, theme }: Style): readonly Text[] {
  return lines.map((text, i) => ({
    ...{ kind: 'text', text, x: MARGIN * em, size: SMALL * em, weight: 400, anchor: 'start' },
    ...{ y: bottom - (lines.length - 1 - i) * CAPTION_ROW * SMALL * em, colour: theme.muted },
  }));
}

/**
 * Lays a figure out.
 * @param ruler how wide text is; a length is a pixel, or a point for print
 */
export function layFigure(data: FigureData, choice: FigureChoice, ruler: Ruler): Figure {
  const format = FORMATS[choice.format];
  const { width, em } = format;
  const theme = choice.theme === 'light' ? LIGHT_THEME : DARK_THEME;
  const style: Style = { theme, em, ruler };
  const margin = MARGIN * em;
  const panels = data.panels
    .filter(({ content }) => choice.content === 'both' || choice.content === content)
    .map((panel) => ({ ...panel, runs: panel.runs.filter(({ hidden }) => !hidden) }));
  const runs = panels[0]?.runs ?? [];
  const shapes: Shape[] = [];

  const { shared, own } = splitNames(runs.map(({ name }) => name));
  let top = margin;
  if (shared !== '') {
    const size = TITLE * em;
    const text = fitText(shared, width - 2 * margin, size, 600, ruler);
    shapes.push({
      ...{ kind: 'text', text, x: margin, y: top + 0.8 * size, size, weight: 600 },
      ...{ colour: theme.text, anchor: 'start' },
    });
    top += ROW * size;
  }
  const whole = 'whole' in format.height ? format.height.whole : null;
  const mostRows = whole === null ? MOST_ROWS : Math.floor((LEGEND_SHARE * whole) / (ROW * em));
  const legend = layLegend(runs, own, top, width, mostRows, style);
  shapes.push(...legend.shapes);
  top = legend.bottom + GAP * em;

  const lines = joinInLines(data.caption, width - 2 * margin, SMALL * em, ruler).slice(0, MOST_CAPTION_ROWS);
  const captionHeight = lines.length === 0 ? 0 : GAP * em + lines.length * CAPTION_ROW * SMALL * em;
  const stacked = panels.length > 1 && !format.sideBySide;
  const gaps = stacked ? (panels.length - 1) * BETWEEN.below * em : 0;
  const rows = stacked ? panels.length : 1;
  const panelHeight =
    'panel' in format.height
      ? format.height.panel
      : (format.height.whole - margin - captionHeight - top - gaps) / rows;

  const prepared = panels.map((panel, i) => {
    const below = stacked ? panels[i + 1] : undefined;
    return preparePanel(panel, panelHeight, below?.axis.kind !== panel.axis.kind, style);
  });
  // Panels have the same left and right ends, for the labels of each: those of the last ticks reach into the margin.
  const gutter = Math.max(0, ...prepared.map((panel) => panel.gutter));
  const overhang = Math.max(0, ...prepared.map((panel) => panel.widest / 2 - em));
  const columns = stacked ? 1 : Math.max(1, panels.length);
  const between = BETWEEN.beside * em;
  const columnWidth = (width - 2 * margin - (columns - 1) * between) / columns;
  for (const [i, panel] of prepared.entries()) {
    const x = margin + (stacked ? 0 : i * (columnWidth + between));
    const y = top + (stacked ? i * (panelHeight + BETWEEN.below * em) : 0);
    shapes.push(...layPanel({ ...panel, gutter }, x + gutter, y, columnWidth - gutter - overhang, style));
  }
  const height = whole ?? top + rows * panelHeight + gaps + captionHeight + margin;
  shapes.push(...layCaption(lines, height - margin, style));
  return {
    ...{ width, height, format, theme, shapes },
    title: panels
      .map(
        ({ content, axis }) =>
          `${content === 'energy' ? 'Energy' : 'Residual'} against ${axis.name.toLowerCase()}`,
      )
      .join(', '),
    description: panels.map((panel) => `${summarise(panel.runs, panel.measure)}.`).join(' '),
  };
}
