/**
 * The figure that leaves the lab: a legend, the energy and the residual one above the other. It is laid
 * out once, by Chart.js off the screen, and then written as PNG or as SVG (`chart-image.ts`).
 */
import { AXES, type Axis } from './axis';
import { strokeOf, type ChartRun, type Stroke } from './chart-run';
import { LIGHT_THEME, readTheme, seriesColour, type ChartTheme } from './chart-theme';
import { INITIAL_VIEW, MEASURES, type Measure, type ResidualView } from './measure';
import { Plot } from './plot';
import type { Point } from './curve';

export type FigureOptions = {
  /** `light` whatever the page is, or the page's own `theme`. */
  readonly background: 'light' | 'theme';
  /** The map residual against iterations where it is absent. */
  readonly residualView?: ResidualView;
};

/** Units of the layout, in which text is 12 high. A unit is a pixel in SVG. */
export const FIGURE_WIDTH = 800;
const MARGIN = 20;
const PANEL = 320;
const TITLE = 36;
const LEGEND_ROW = 22;
const SWATCH = 32;
const GAP = 8;
const ITEM_GAP = 22;

export type LegendItem = {
  readonly name: string;
  readonly colour: string;
  readonly stroke: Stroke;
  /** The left end of the line, and its height. */
  readonly x: number;
  readonly y: number;
};

export type Line = {
  readonly colour: string;
  readonly stroke: Stroke;
  readonly points: readonly Point[];
  /** Every how many points one is marked. */
  readonly markSpacing: number;
};

export type Panel = {
  readonly title: string;
  readonly measure: Measure;
  readonly axis: Axis;
  /** Where the panel begins; its title stands on `titleY`, its plot begins at `plotY`. */
  readonly titleY: number;
  readonly plotY: number;
  readonly plot: Plot;
  readonly canvas: OffscreenCanvas;
  readonly lines: readonly Line[];
};

export type Figure = {
  readonly width: number;
  readonly height: number;
  readonly theme: ChartTheme;
  readonly legend: readonly LegendItem[];
  readonly panels: readonly Panel[];
  /** Frees the charts. */
  destroy(): void;
};

function context(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const found = canvas.getContext('2d');
  if (!found) throw new Error('this browser has no 2D canvas to lay the chart out on');
  return found;
}

/** Places the names in rows, each as wide as it is. */
function layLegend(runs: readonly ChartRun[], theme: ChartTheme): LegendItem[] {
  const ruler = context(new OffscreenCanvas(1, 1));
  ruler.font = `12px ${theme.font}`;
  let x = MARGIN;
  let y = MARGIN + LEGEND_ROW / 2;
  return runs.map(({ name, colour }) => {
    const width = SWATCH + GAP + ruler.measureText(name).width;
    if (x > MARGIN && x + width > FIGURE_WIDTH - MARGIN) {
      x = MARGIN;
      y += LEGEND_ROW;
    }
    const item = { name, colour: seriesColour(theme, colour), stroke: strokeOf(colour), x, y };
    x += width + ITEM_GAP;
    return item;
  });
}

function layPanel(
  runs: readonly ChartRun[],
  theme: ChartTheme,
  measure: Measure,
  axis: Axis,
  title: string,
  top: number,
  pixelRatio: number,
): Panel {
  const canvas = new OffscreenCanvas(FIGURE_WIDTH - 2 * MARGIN, PANEL);
  // Chart.js draws on any 2D context; its types know the one of the page only.
  const plot = new Plot(context(canvas) as unknown as CanvasRenderingContext2D, measure, {
    live: false,
    axis,
    pixelRatio,
  });
  plot.draw(runs, theme);
  const lines = runs.map(({ id, colour }) => ({
    colour: seriesColour(theme, colour),
    stroke: strokeOf(colour),
    ...plot.line(id),
  }));
  return { title, measure, axis, titleY: top + TITLE - 10, plotY: top + TITLE, plot, canvas, lines };
}

/**
 * Lays out the runs that are not hidden. `destroy()` the figure when it has been written.
 * @param pixelRatio canvas pixels a unit of the layout.
 */
export function layFigure(runs: readonly ChartRun[], options: FigureOptions, pixelRatio: number): Figure {
  const shown = runs.filter((run) => !run.hidden);
  const theme = options.background === 'light' ? LIGHT_THEME : readTheme(document.body);
  const legend = layLegend(shown, theme);
  const top = Math.max(MARGIN, ...legend.map(({ y }) => y)) + LEGEND_ROW / 2;
  const { residual, axis } = options.residualView ?? INITIAL_VIEW;
  const panels = [
    layPanel(shown, theme, MEASURES.energy, AXES.iterations, 'Energy', top, pixelRatio),
    layPanel(
      shown,
      theme,
      MEASURES[`${residual}-residual`],
      AXES[axis],
      'Residual',
      top + TITLE + PANEL,
      pixelRatio,
    ),
  ];
  return {
    width: FIGURE_WIDTH,
    height: top + 2 * (TITLE + PANEL) + MARGIN,
    theme,
    legend,
    panels,
    destroy: () => panels.forEach(({ plot }) => plot.destroy()),
  };
}

export const PANEL_LEFT = MARGIN;
export const SWATCH_WIDTH = SWATCH;
export const NAME_OFFSET = SWATCH + GAP;
