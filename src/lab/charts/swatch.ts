/** A run's line as it is in the charts, to stand beside its name in a legend or a list. */
import { html, type TemplateResult } from 'lit';
import { seriesIndex, strokeOf, type Stroke } from './chart-run';
import { DARK_THEME, LIGHT_THEME } from './chart-theme';

type Shape = { readonly path: string; readonly filled: boolean };

/** The points of Chart.js, drawn about (0, 0) with a radius of 3.5. */
export const POINT_SHAPES: Readonly<Record<Stroke['point'], Shape>> = {
  circle: { path: 'M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0Z', filled: true },
  rect: { path: 'M-2.8 -2.8H2.8V2.8H-2.8Z', filled: true },
  triangle: { path: 'M0 -3.5L3.1 1.8H-3.1Z', filled: true },
  rectRot: { path: 'M0 -3.8L3.8 0L0 3.8L-3.8 0Z', filled: true },
  cross: { path: 'M0 -3.5V3.5M-3.5 0H3.5', filled: false },
  star: { path: 'M0 -3.5V3.5M-3.5 0H3.5M-2.5 -2.5L2.5 2.5M-2.5 2.5L2.5 -2.5', filled: false },
  crossRot: { path: 'M-2.5 -2.5L2.5 2.5M-2.5 2.5L2.5 -2.5', filled: false },
  line: { path: 'M0 -3.5V3.5', filled: false },
};

/** The colour of a run in the page's theme, as CSS. */
export function seriesPaint(colour: number): string {
  const index = seriesIndex(colour);
  const [light = 'currentColor', dark = light] = [LIGHT_THEME.series[index], DARK_THEME.series[index]];
  return `var(--series-${index}, light-dark(${light}, ${dark}))`;
}

/** A 32 × 12 picture of the line of a run with this colour. Hidden from screen readers: the name says it. */
export function runSwatch(colour: number): TemplateResult {
  const { dash, point } = strokeOf(colour);
  const { path, filled } = POINT_SHAPES[point];
  const paint = seriesPaint(colour);
  return html`<svg class="swatch" width="32" height="12" viewBox="0 0 32 12" aria-hidden="true">
    <path
      d="M1 6H31"
      fill="none"
      stroke=${paint}
      stroke-width="2"
      stroke-dasharray=${dash.join(' ') || 'none'}
    />
    <path
      d=${path}
      transform="translate(16 6)"
      fill=${filled ? paint : 'none'}
      stroke=${paint}
      stroke-width=${filled ? 0 : 1.5}
    />
  </svg>`;
}
