/** A Chart.js plugin that draws faint lines behind the curves. Chart.js knows nothing of them: no label, legend or hover has them. */
import type { Plugin } from 'chart.js';
import { placed, type Axis } from './axis';
import { strokeOf, type ChartRun } from './chart-run';
import { seriesColour, type ChartTheme } from './chart-theme';
import { Curve, type Point } from './curve';
import type { Measure } from './measure';

export type FaintLine = {
  readonly run: ChartRun;
  /** Where the axes have them. */
  readonly points: readonly Point[];
  readonly lowest: number;
  readonly highest: number;
};

/** They are drawn again with every move of the pointer, so each is a short list. */
const MOST_POINTS = 240;

const STRENGTH = 0.32;

/** The line of a run that grows no more; null where it has no value. */
export function faintLine(run: ChartRun, measure: Measure, axis: Axis): FaintLine | null {
  const curve = new Curve(measure.of(run.trace), measure.floor, MOST_POINTS);
  curve.update();
  const { count, lowest, highest } = curve;
  return count > 0 ? { run, points: placed(axis, run, curve.points), lowest, highest } : null;
}

export function earlierLines(
  options: () => { readonly lines: readonly FaintLine[]; readonly theme: ChartTheme },
): Plugin<'line'> {
  return {
    id: 'earlier',
    beforeDatasetsDraw({ ctx, chartArea: area, scales }): void {
      const { lines, theme } = options();
      const { x, y } = scales;
      if (!x || !y || lines.length === 0) return;
      ctx.save();
      ctx.beginPath();
      ctx.rect(area.left, area.top - 2, area.width + 2, area.height + 4);
      ctx.clip();
      ctx.globalAlpha = STRENGTH;
      ctx.lineWidth = 1.25;
      ctx.lineJoin = 'round';
      for (const { run, points } of lines) {
        ctx.strokeStyle = seriesColour(theme, run.colour);
        ctx.setLineDash([...strokeOf(run.colour).dash]);
        ctx.beginPath();
        for (const point of points) ctx.lineTo(x.getPixelForValue(point.x), y.getPixelForValue(point.y));
        ctx.stroke();
      }
      ctx.restore();
    },
  };
}
