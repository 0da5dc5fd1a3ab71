/** Both charts as one picture, with a legend: it leaves the lab, where nothing else says which run is which. */
import type { ChartRun } from './chart-run';
import {
  FIGURE_WIDTH,
  layFigure,
  NAME_OFFSET,
  PANEL_LEFT,
  SWATCH_WIDTH,
  type Figure,
  type FigureOptions,
} from './figure';
import { INITIAL_VIEW, MEASURES } from './measure';
import { summarise } from './summary';
import { figureToSvg } from './svg-figure';
import { POINT_SHAPES } from './swatch';

export type ImageOptions = FigureOptions & {
  /** Pixels, 1,600 where it is absent and at least that. */
  readonly width?: number;
};

export const LEAST_WIDTH = 1600;

function drawLegend(context: OffscreenCanvasRenderingContext2D, { legend, theme }: Figure): void {
  context.font = `12px ${theme.font}`;
  context.textBaseline = 'middle';
  for (const { name, colour, stroke, x, y } of legend) {
    context.strokeStyle = colour;
    context.fillStyle = colour;
    context.lineWidth = 2;
    context.setLineDash([...stroke.dash]);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + SWATCH_WIDTH, y);
    context.stroke();
    context.setLineDash([]);
    const { path, filled } = POINT_SHAPES[stroke.point];
    const point = new Path2D();
    point.addPath(new Path2D(path), new DOMMatrix().translate(x + SWATCH_WIDTH / 2, y));
    context.lineWidth = 1.5;
    if (filled) context.fill(point);
    else context.stroke(point);
    context.fillStyle = theme.text;
    context.fillText(name, x + NAME_OFFSET, y);
  }
}

/**
 * The runs that are not hidden as a PNG of at least 1,600 pixels' width.
 * @throws Error when the browser cannot make the picture.
 */
export async function chartAsPng(runs: readonly ChartRun[], options: ImageOptions): Promise<Blob> {
  await document.fonts.ready;
  const scale = Math.max(LEAST_WIDTH, Math.round(options.width ?? LEAST_WIDTH)) / FIGURE_WIDTH;
  const figure = layFigure(runs, options, scale);
  try {
    const { width, height, theme, panels } = figure;
    const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale));
    const context = canvas.getContext('2d');
    if (!context) throw new Error('this browser has no 2D canvas to draw the chart on');
    context.scale(scale, scale);
    context.fillStyle = theme.surface;
    context.fillRect(0, 0, width, height);
    drawLegend(context, figure);
    context.textBaseline = 'alphabetic';
    for (const { title, titleY, plotY, canvas: plot } of panels) {
      context.font = `600 15px ${theme.font}`;
      context.fillStyle = theme.text;
      context.fillText(title, PANEL_LEFT, titleY);
      context.drawImage(plot, PANEL_LEFT, plotY, plot.width / scale, plot.height / scale);
    }
    return await canvas.convertToBlob({ type: 'image/png' });
  } finally {
    figure.destroy();
  }
}

/** The runs that are not hidden as an SVG document in UTF-8: paths and text, no pictures, no scripts. */
export function chartAsSvg(runs: readonly ChartRun[], options: FigureOptions): string {
  const figure = layFigure(runs, options, 1);
  try {
    const { residual } = options.residualView ?? INITIAL_VIEW;
    return figureToSvg(
      figure,
      `${summarise(runs, MEASURES.energy)}. ${summarise(runs, MEASURES[`${residual}-residual`])}.`,
    );
  } finally {
    figure.destroy();
  }
}
