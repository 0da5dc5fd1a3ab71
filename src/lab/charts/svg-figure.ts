/** A figure as SVG: paths and text only, so that it stays sharp and its words can be found and edited. */
import { TOLERANCE_DASH, toleranceLabel } from './tolerance-line';
import {
  NAME_OFFSET,
  PANEL_LEFT,
  SWATCH_WIDTH,
  type Figure,
  type LegendItem,
  type Line,
  type Panel,
} from './figure';
import { POINT_SHAPES } from './swatch';

/** What XML 1.0 has no way to write. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Text as XML content or as a quoted attribute. */
export function escapeXml(text: string): string {
  return text
    .replace(NOT_XML, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? round(value) : escapeXml(value)}"`)
    .join('');
}

function round(x: number): string {
  return String(Number(x.toFixed(2)));
}

function element(name: string, values: Readonly<Record<string, string | number>>, content = ''): string {
  return content === ''
    ? `<${name}${attributes(values)}/>`
    : `<${name}${attributes(values)}>${content}</${name}>`;
}

/** Text set on `y`, or with its middle there. Baselines are shifted by hand: not every program knows the words for them. */
function label(
  text: string,
  x: number,
  y: number,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return element('text', { x, y, ...values }, escapeXml(text));
}

const MIDDLE = { dy: '0.35em' } as const;

function mark(line: { colour: string; stroke: Line['stroke'] }, x: number, y: number): string {
  const { path, filled } = POINT_SHAPES[line.stroke.point];
  return element('path', {
    d: path,
    transform: `translate(${round(x)} ${round(y)})`,
    ...(filled ? { fill: line.colour } : { fill: 'none', stroke: line.colour, 'stroke-width': 1.5 }),
  });
}

function stroke(line: { colour: string; stroke: Line['stroke'] }, d: string): string {
  const { dash } = line.stroke;
  return element('path', {
    d,
    fill: 'none',
    stroke: line.colour,
    'stroke-width': 2,
    'stroke-linejoin': 'round',
    ...(dash.length > 0 ? { 'stroke-dasharray': dash.join(' ') } : {}),
  });
}

function legendItem(item: LegendItem, text: string): string {
  const { x, y, name } = item;
  return [
    stroke(item, `M${round(x)} ${round(y)}H${round(x + SWATCH_WIDTH)}`),
    mark(item, x + SWATCH_WIDTH / 2, y),
    label(name, x + NAME_OFFSET, y, { ...MIDDLE, fill: text }),
  ].join('');
}

function panel(
  { title, measure, axis: along, titleY, plotY, plot, lines }: Panel,
  { theme }: Figure,
): string {
  const { chart, tolerances } = plot;
  const { chartArea: area } = chart;
  const x = chart.scales['x'];
  const y = chart.scales['y'];
  if (!x || !y) return '';
  const parts: string[] = [];
  for (const [i, tick] of y.ticks.entries()) {
    const at = y.getPixelForTick(i);
    parts.push(
      element('path', { d: `M${round(area.left)} ${round(at)}H${round(area.right)}`, stroke: theme.grid }),
      label(String(tick.label ?? ''), area.left - 8, at, {
        ...MIDDLE,
        fill: theme.muted,
        'text-anchor': 'end',
      }),
    );
  }
  parts.push(
    element('path', {
      d: `M${round(area.left)} ${round(area.bottom)}H${round(area.right)}`,
      stroke: theme.grid,
    }),
  );
  for (const [i, tick] of x.ticks.entries()) {
    const at = x.getPixelForTick(i);
    parts.push(
      label(String(tick.label ?? ''), at, area.bottom + 18, { fill: theme.muted, 'text-anchor': 'middle' }),
    );
  }
  const centre = (area.top + area.bottom) / 2;
  const axis = { fill: theme.muted, 'font-weight': 500, 'text-anchor': 'middle' };
  parts.push(
    label(along.title, (area.left + area.right) / 2, x.bottom - 4, axis),
    label(measure.axis, 0, 0, {
      ...axis,
      transform: `translate(${round(y.left + 12)} ${round(centre)}) rotate(-90)`,
    }),
  );
  for (const line of lines) {
    const places = line.points.map(
      (point) => [x.getPixelForValue(point.x), y.getPixelForValue(point.y)] as const,
    );
    if (places.length > 1)
      parts.push(stroke(line, `M${places.map(([px, py]) => `${round(px)} ${round(py)}`).join('L')}`));
    const marked = places.filter((_, i) => i % line.markSpacing === 0);
    parts.push(...marked.map(([px, py]) => mark(line, px, py)));
  }
  for (const tolerance of tolerances) {
    const at = y.getPixelForValue(tolerance);
    parts.push(
      element('path', {
        d: `M${round(area.left)} ${round(at)}H${round(area.right)}`,
        stroke: theme.muted,
        'stroke-width': 1.25,
        'stroke-dasharray': TOLERANCE_DASH.join(' '),
      }),
      label(toleranceLabel(tolerance), area.left + 6, at - 5, {
        fill: theme.muted,
        'font-size': 11,
        'font-weight': 500,
        stroke: theme.surface,
        'stroke-width': 3,
        'stroke-linejoin': 'round',
        'paint-order': 'stroke',
      }),
    );
  }
  return [
    label(title, PANEL_LEFT, titleY, { fill: theme.text, 'font-size': 15, 'font-weight': 600 }),
    element('g', { transform: `translate(${PANEL_LEFT} ${round(plotY)})` }, parts.join('\n')),
  ].join('\n');
}

function headline({ title, axis }: Panel): string {
  return `${title} against ${axis.name.toLowerCase()}`;
}

/** @param description what the figure shows, for those who do not see it. */
export function figureToSvg(figure: Figure, description: string): string {
  const { width, height, theme, legend, panels } = figure;
  const content = [
    element('title', {}, escapeXml(panels.map(headline).join(', '))),
    element('desc', {}, escapeXml(description)),
    element('rect', { width, height, fill: theme.surface }),
    ...legend.map((item) => legendItem(item, theme.text)),
    ...panels.map((each) => panel(each, figure)),
  ];
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${round(width)} ${round(height)}`,
    role: 'img',
    'font-family': theme.font,
    'font-size': 12,
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('svg', root, `\n${content.join('\n')}\n`)}\n`;
}
