/** A Chart.js plugin that draws the tolerances in: a dashed line across the chart with its value on it. */
import type { Chart, Plugin } from 'chart.js';
import { powerOfTen, shortNumber } from './number-text';

export type ToleranceOptions = {
  /** Without repetition. */
  tolerances: readonly number[];
  colour: string;
  surface: string;
  font: string;
};

export const TOLERANCE_DASH = [3, 4];

export function toleranceLabel(tolerance: number): string {
  return `Tolerance ${powerOfTen(tolerance) || shortNumber(tolerance, 3)}`;
}

export function toleranceLine(options: () => ToleranceOptions): Plugin<'line'> {
  return {
    id: 'tolerance',
    afterDatasetsDraw(chart: Chart<'line'>): void {
      const { ctx, chartArea: area } = chart;
      const { tolerances, colour, surface, font } = options();
      const scale = chart.scales['y'];
      if (!scale) return;
      ctx.save();
      ctx.font = `500 11px ${font}`;
      ctx.textBaseline = 'alphabetic';
      ctx.textAlign = 'left';
      ctx.lineJoin = 'round';
      for (const tolerance of tolerances) {
        const y = Math.round(scale.getPixelForValue(tolerance)) + 0.5;
        ctx.strokeStyle = colour;
        ctx.lineWidth = 1.25;
        ctx.setLineDash(TOLERANCE_DASH);
        ctx.beginPath();
        ctx.moveTo(area.left, y);
        ctx.lineTo(area.right, y);
        ctx.stroke();
        ctx.setLineDash([]);
        ctx.strokeStyle = surface;
        ctx.lineWidth = 3;
        ctx.strokeText(toleranceLabel(tolerance), area.left + 6, y - 5);
        ctx.fillStyle = colour;
        ctx.fillText(toleranceLabel(tolerance), area.left + 6, y - 5);
      }
      ctx.restore();
    },
  };
}
