/** A figure on a canvas: what the preview shows and a PNG holds. */
import type { FigureChoice } from './formats';
import { layFigure, type Figure, type FigureData } from './layout';
import type { Path, Text, Weight } from './shapes';
import { FIGURE_FONT, leftOf, pieces, TAIL_GAP, type Ruler } from './text';

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser has no 2D canvas to draw the figure on');
  return context;
}

/** Small fonts are measured large, so that no browser rounds them to its grid. */
const MEASURED_AT = 100;

function canvasRuler(): Ruler {
  const context = contextOf(new OffscreenCanvas(1, 1));
  return (text, size, weight) => {
    context.font = `${weight} ${MEASURED_AT}px ${FIGURE_FONT}`;
    return (context.measureText(text).width * size) / MEASURED_AT;
  };
}

/**
 * Lays a figure out with the page's font, once all that its text needs of it is there.
 * @throws Error when the browser has no 2D canvas.
 */
export async function prepareFigure(data: FigureData, choice: FigureChoice): Promise<Figure> {
  const ruler = canvasRuler();
  const text = layFigure(data, choice, ruler)
    .shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text, shape.tail?.text ?? ''] : []))
    .flatMap(pieces)
    .map((piece) => piece.text)
    .join('');
  await Promise.all([400, 600].map((weight) => document.fonts.load(`${weight} 16px ${FIGURE_FONT}`, text)));
  return layFigure(data, choice, ruler);
}

/** Paints pieces of text from `x` on, and returns where they end. */
function paintWords(
  context: Context,
  text: string,
  { y, size, halo }: Text,
  x: number,
  weight: Weight,
  ruler: Ruler,
): number {
  let at = x;
  for (const { text: part, scale, rise } of pieces(text)) {
    context.font = `${weight} ${scale * size}px ${FIGURE_FONT}`;
    if (halo !== undefined) context.strokeText(part, at, y - rise * size);
    context.fillText(part, at, y - rise * size);
    at += ruler(part, scale * size, weight);
  }
  return at;
}

function paintText(context: Context, shape: Text, ruler: Ruler): void {
  const { text, size, weight, colour, halo = colour, tail } = shape;
  context.fillStyle = colour;
  context.strokeStyle = halo;
  context.lineWidth = 0.25 * size;
  context.lineJoin = 'round';
  context.setLineDash([]);
  const end = paintWords(context, text, shape, leftOf(shape, ruler), weight, ruler);
  if (!tail) return;
  context.fillStyle = tail.colour;
  paintWords(context, tail.text, shape, end + TAIL_GAP * size, 400, ruler);
}

function paintPath(context: Context, { d, at, fill, stroke }: Path): void {
  context.save();
  if (at) {
    context.translate(at.x, at.y);
    context.scale(at.scale, at.scale);
  }
  const path = new Path2D(d);
  if (fill !== undefined) {
    context.fillStyle = fill;
    context.fill(path);
  }
  if (stroke) {
    context.strokeStyle = stroke.colour;
    context.lineWidth = stroke.width;
    context.lineJoin = 'round';
    context.setLineDash([...stroke.dash]);
    context.stroke(path);
  }
  context.restore();
}

/** Paints a figure over all of a canvas, which has its proportions. */
export function paintFigure({ width, height, theme, shapes }: Figure, context: Context): void {
  const ruler = canvasRuler();
  context.save();
  context.scale(context.canvas.width / width, context.canvas.height / height);
  context.fillStyle = theme.surface;
  context.fillRect(0, 0, width, height);
  for (const shape of shapes) {
    if (shape.kind === 'text') paintText(context, shape, ruler);
    else paintPath(context, shape);
  }
  context.restore();
}

/**
 * A figure as PNG, with its density written in where it is for print.
 * @throws Error when the browser cannot make the picture.
 */
export async function figureToPng(figure: Figure): Promise<Blob> {
  const { width, height, format } = figure;
  const canvas = new OffscreenCanvas(Math.round(width * format.pixels), Math.round(height * format.pixels));
  paintFigure(figure, contextOf(canvas));
  const png = await canvas.convertToBlob({ type: 'image/png' });
  return format.dotsPerInch === null ? png : withDensity(png, format.dotsPerInch);
}

/** Signature and header of every PNG, behind which its density may stand. */
const HEADER = 33;
const METRES_PER_INCH = 0.0254;

/** The same PNG with a chunk pHYs (PNG specification, 11.3.4.3), by which print programs know its size. */
function withDensity(png: Blob, dotsPerInch: number): Blob {
  const chunk = new DataView(new ArrayBuffer(21));
  const dots = Math.round(dotsPerInch / METRES_PER_INCH);
  chunk.setUint32(0, 9);
  for (const [i, letter] of [...'pHYs'].entries()) chunk.setUint8(4 + i, letter.charCodeAt(0));
  chunk.setUint32(8, dots);
  chunk.setUint32(12, dots);
  // The unit is the metre.
  chunk.setUint8(16, 1);
  chunk.setUint32(17, crc32(new Uint8Array(chunk.buffer, 4, 13)));
  return new Blob([png.slice(0, HEADER), chunk, png.slice(HEADER)], { type: 'image/png' });
}

/** The checksum of PNG's chunks (PNG specification, annex D). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
