/**
 * A Chart.js plugin that shows a time on the chart: what comes after it is faint, a line stands at it, every curve has a mark
 * there, and the curves are labelled where they end, each label clear of the others.
 */
import type { Chart, Plugin } from 'chart.js';

export type TimedCurve = {
  readonly label: string;
  readonly colour: string;
  /** Its value at the time, as it is drawn; null where it has none. */
  readonly now: number | null;
  /** The last point, as it is drawn. */
  readonly end: { readonly x: number; readonly y: number };
  /** Where the curve stops at or before the time. */
  readonly ended: boolean;
};

export type TimelineOptions = {
  /** The iteration; null where there is no time to show. */
  readonly time: number | null;
  readonly curves: readonly TimedCurve[];
  readonly surface: string;
  readonly text: string;
  readonly font: string;
};

const LABEL = { size: 12, line: 16, gap: 7 } as const;

/**
 * Moves labels up or down until none lies on another, each as near as can be to where it would stand.
 * @param places the middle of each label, [labels]
 * @returns the new places, in the same order
 */
export function spread(places: readonly number[], line: number, top: number, bottom: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const out = [...places];
  let least = top + line / 2;
  for (const i of order) {
    out[i] = Math.max(out[i] ?? 0, least);
    least = (out[i] ?? 0) + line;
  }
  let most = bottom - line / 2;
  for (const i of order.toReversed()) {
    out[i] = Math.min(out[i] ?? 0, most);
    most = (out[i] ?? 0) - line;
  }
  return out;
}

export function timeline(options: () => TimelineOptions): Plugin<'line'> {
  return {
    id: 'timeline',
    afterDatasetsDraw(chart: Chart<'line'>): void {
      const { ctx, chartArea: area, scales } = chart;
      const { x, y } = scales;
      const { time, curves, surface, text, font } = options();
      if (!x || !y || time === null) return;
      const at = Math.min(area.right, x.getPixelForValue(time));
      ctx.save();
      ctx.fillStyle = surface;
      ctx.globalAlpha = 0.7;
      ctx.fillRect(at, area.top - 8, area.right - at + 8, area.bottom - area.top + 8);
      ctx.globalAlpha = 1;
      ctx.strokeStyle = text;
      ctx.globalAlpha = 0.35;
      ctx.beginPath();
      ctx.moveTo(Math.round(at) + 0.5, area.top);
      ctx.lineTo(Math.round(at) + 0.5, area.bottom);
      ctx.stroke();
      ctx.globalAlpha = 1;
      for (const { colour, now, ended, end } of curves) {
        if (now === null && !ended) continue;
        const px = ended ? x.getPixelForValue(end.x) : at;
        ctx.fillStyle = colour;
        ctx.beginPath();
        ctx.arc(px, y.getPixelForValue(ended ? end.y : (now ?? end.y)), 4, 0, 2 * Math.PI);
        ctx.fill();
      }
      drawLabels(chart, curves, { surface, text, font });
      ctx.restore();
    },
  };
}

function drawLabels(
  { ctx, chartArea: area, scales }: Chart<'line'>,
  curves: readonly TimedCurve[],
  { surface, text, font }: Pick<TimelineOptions, 'surface' | 'text' | 'font'>,
): void {
  const { x, y } = scales;
  if (!x || !y) return;
  ctx.font = `600 ${LABEL.size}px ${font}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.lineJoin = 'round';
  ctx.lineWidth = 4;
  ctx.strokeStyle = surface;
  const places = spread(
    curves.map(({ end }) => y.getPixelForValue(end.y)),
    LABEL.line,
    area.top,
    area.bottom,
  );
  for (const [i, { label, colour, end }] of curves.entries()) {
    const width = ctx.measureText(label).width;
    const beside = x.getPixelForValue(end.x) + LABEL.gap;
    const left = beside + width <= area.right + 8 ? beside : beside - width - 2 * LABEL.gap;
    const middle = places[i] ?? 0;
    ctx.strokeText(label, left, middle);
    ctx.fillStyle = colour;
    // As strong as small text needs; where a browser does not know the mixture, the colour stays.
    ctx.fillStyle = `color-mix(in oklab, ${colour} 62%, ${text})`;
    ctx.fillText(label, left, middle);
  }
}
