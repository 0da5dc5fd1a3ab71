/** A figure as SVG: paths and text only, so that it stays sharp and its words can be found and edited. */
import { MM_PER_INCH, POINTS_PER_INCH } from './formats';
import type { Figure } from './layout';
import { short, type Path, type Shape, type Text } from './shapes';
import { FIGURE_FONT, pieces, TAIL_GAP } from './text';

/** What XML 1.0 has no way to write. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Text as XML content or as a quoted attribute. */
function escapeXml(text: string): string {
  return text
    .replace(NOT_XML, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

function element(name: string, values: Attributes, content = ''): string {
  const written = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : escapeXml(value ?? '')}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

/** Baselines are shifted by hand: not every program knows the words for them. */
function words(text: string, size: number): string {
  let height = 0;
  return pieces(text)
    .map(({ text: part, scale, rise }) => {
      const dy = (height - rise) * size;
      height = rise;
      const plain = dy === 0 && scale === 1;
      if (plain) return escapeXml(part);
      return element('tspan', { dy, 'font-size': scale === 1 ? undefined : scale * size }, escapeXml(part));
    })
    .join('');
}

/** It goes on where the text before it ends, however wide that is in the font that there is. */
function writeTail({ size, tail }: Text): string {
  if (!tail) return '';
  const values = { dx: TAIL_GAP * size, fill: tail.colour, 'font-weight': 400 };
  return element('tspan', values, words(tail.text, size));
}

function writeText(shape: Text): string {
  const { x, y, size, weight, colour, anchor, halo } = shape;
  const outline = {
    stroke: halo,
    'stroke-width': 0.25 * size,
    'stroke-linejoin': 'round',
    'paint-order': 'stroke',
  };
  const values = {
    ...{ x, y, 'font-size': size, fill: colour },
    ...(weight === 400 ? {} : { 'font-weight': weight }),
    ...(anchor === 'start' ? {} : { 'text-anchor': anchor }),
    ...(halo === undefined ? {} : outline),
  };
  return element('text', values, words(shape.text, size) + writeTail(shape));
}

function writePath({ d, at, fill, stroke }: Path): string {
  return element('path', {
    d,
    transform: at && `translate(${short(at.x)} ${short(at.y)}) scale(${at.scale.toFixed(4)})`,
    fill: fill ?? 'none',
    ...(stroke && {
      stroke: stroke.colour,
      'stroke-width': stroke.width,
      'stroke-linejoin': 'round',
      'stroke-dasharray': stroke.dash.length > 0 ? stroke.dash.map(short).join(' ') : undefined,
    }),
  });
}

const write = (shape: Shape): string => (shape.kind === 'text' ? writeText(shape) : writePath(shape));

/** An SVG document. A figure for print says its size in millimetres, one for a screen in pixels. */
export function figureToSvg({ width, height, format, theme, shapes, title, description }: Figure): string {
  const length = (x: number): string =>
    format.dotsPerInch === null ? short(x) : `${short((x / POINTS_PER_INCH) * MM_PER_INCH)}mm`;
  const content = [
    element('title', {}, escapeXml(title)),
    element('desc', {}, escapeXml(description)),
    element('rect', { width, height, fill: theme.surface }),
    ...shapes.map(write),
  ];
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    width: length(width),
    height: length(height),
    viewBox: `0 0 ${short(width)} ${short(height)}`,
    role: 'img',
    'font-family': FIGURE_FONT,
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('svg', root, `\n${content.join('\n')}\n`)}\n`;
}
