/**
 * Figures 3 and 4 of the paper (pp. 20–21) from our runs, as SVG: how many trajectories are where, at each iteration; the mean index of
 * convergence against the tolerance; and Table 2's number as a ring.
 */
import { interpolateMagma } from 'd3-scale-chromatic';
import { TABLE_TOLERANCE, type Configuration } from './configurations';
import { BINS, EXPONENTS, LEAST, meanIndex, type Trajectories } from './trajectories';

export type Panel = { readonly configuration: Configuration; readonly trajectories: Trajectories };

/** Makes a PNG of RGBA pixels. */
export type EncodePng = (width: number, height: number, rgba: Uint8Array) => Uint8Array;

/** One half of a figure: a base model and three ways to speed it up. */
export type Half = readonly Panel[];

const [WIDE, HIGH] = [300, 260];
const [GAP_X, GAP_Y] = [34, 48];
const [LEFT, TOP, BOTTOM] = [74, 34, 46];
const BAR = 14;
/** Room for the bar and what stands beside it. */
const RIGHT = 92;
const HALF_WIDTH = LEFT + 2 * WIDE + GAP_X + RIGHT;
const HEIGHT = TOP + 2 * HIGH + GAP_Y + BOTTOM;

const CYAN = '#00b7c8';
const INK = '#1d1d1f';

const EXPONENT = Math.round(Math.log10(TABLE_TOLERANCE));

/** Colours of counts: logarithmic, from one to the other as the base model has them; the same in all panels of a half. */
type Scale = { readonly least: number; readonly most: number };

/**
 * @param halves from left to right
 * @param about what the figure shows, for who cannot see it
 */
export function figure(halves: readonly Half[], about: string, encodePng: EncodePng): string {
  const width = HALF_WIDTH * halves.length;
  const parts = halves.map(
    (half, i) => `<g transform="translate(${i * HALF_WIDTH} 0)">${drawHalf(half, i, encodePng)}</g>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" role="img" aria-label="${escape(about)}"`,
    ` font-family="Inter, 'Helvetica Neue', Arial, sans-serif" font-size="12" fill="${INK}">`,
    `<rect width="${width}" height="${HEIGHT}" fill="#fff"/>`,
    ...parts,
    '</svg>\n',
  ].join('');
}

function drawHalf(half: Half, index: number, encodePng: EncodePng): string {
  const scale = scaleOf(half[0]?.trajectories);
  const panels = half.map((panel, i) => {
    const [column, row] = [i % 2, Math.floor(i / 2)];
    const [x, y] = [LEFT + column * (WIDE + GAP_X), TOP + row * (HIGH + GAP_Y)];
    return `<g transform="translate(${x} ${y})">${drawPanel(panel, scale, { first: column === 0, last: row === 1 }, encodePng)}</g>`;
  });
  const bar = `<g transform="translate(${LEFT + 2 * WIDE + GAP_X + 18} ${TOP})">${drawBar(scale, index)}</g>`;
  return panels.join('') + bar;
}

function scaleOf(base: Trajectories | undefined): Scale {
  const counts = (base?.density ?? []).flatMap((pairs) => pairs.filter((_, i) => i % 2 === 1));
  return counts.reduce(
    ({ least, most }, count) => ({ least: Math.min(least, count), most: Math.max(most, count) }),
    { least: Infinity, most: 1 },
  );
}

const share = (count: number, { least, most }: Scale): number =>
  most > least ? Math.min(Math.max(Math.log(count / least) / Math.log(most / least), 0), 1) : 1;

/** Dark is many, as in matplotlib's magma_r. */
const colour = (part: number): string => interpolateMagma(1 - part);

function drawPanel(
  { configuration, trajectories }: Panel,
  scale: Scale,
  { first, last }: { readonly first: boolean; readonly last: boolean },
  encodePng: EncodePng,
): string {
  const columns = trajectories.density.length;
  const x = (t: number): number => ((t + 0.5) / columns) * WIDE;
  const y = (exponent: number): number => (exponent / LEAST) * HIGH;
  const image = base64(encodePng(columns, BINS, pixels(trajectories, scale)));
  const points = EXPONENTS.map((e) => `${round(x(meanIndex(trajectories, e)))},${round(y(e))}`);
  const mean = meanIndex(trajectories, EXPONENT);
  const ticksX = niceTicks(columns - 1);
  return [
    `<text x="${WIDE / 2}" y="-12" text-anchor="middle" font-size="13" font-weight="600">${escape(configuration.title)}: ${mean.toFixed(1)} iterations to 1e${EXPONENT}</text>`,
    `<image width="${WIDE}" height="${HIGH}" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,${image}"/>`,
    `<line x1="0" x2="${round(x(columns - 1.5))}" y1="${y(EXPONENT)}" y2="${y(EXPONENT)}" stroke="#fff" stroke-width="1.5" stroke-dasharray="6 4"/>`,
    `<polyline points="${points.join(' ')}" fill="none" stroke="${CYAN}" stroke-width="2"/>`,
    `<circle cx="${round(x(mean))}" cy="${y(EXPONENT)}" r="5" fill="none" stroke="#fff" stroke-width="2"/>`,
    `<rect width="${WIDE}" height="${HIGH}" fill="none" stroke="${INK}"/>`,
    ...ticksX.map(
      (t) =>
        `<path d="M${round(x(t))} ${HIGH}v4" stroke="${INK}"/><text x="${round(x(t))}" y="${HIGH + 17}" text-anchor="middle">${t}</text>`,
    ),
    ...[-8, -6, -4, -2].map(
      (e) =>
        `<path d="M0 ${y(e)}h-4" stroke="${INK}"/>${first ? `<text x="-7" y="${y(e) + 4}" text-anchor="end">1e${e}</text>` : ''}`,
    ),
    last ? `<text x="${WIDE / 2}" y="${HIGH + 37}" text-anchor="middle">Number of iterations</text>` : '',
    first
      ? `<text transform="translate(-52 ${HIGH / 2}) rotate(-90)" text-anchor="middle">Relative residual ‖yₜ₊₁ − yₜ‖ / ‖yₜ₊₁‖</text>`
      : '',
  ].join('');
}

function drawBar(scale: Scale, index: number): string {
  const height = 2 * HIGH + GAP_Y;
  const stops = Array.from(
    { length: 17 },
    (_, i) => `<stop offset="${i / 16}" stop-color="${colour(1 - i / 16)}"/>`,
  );
  const powers = Array.from({ length: 7 }, (_, i) => 10 ** i).filter(
    (n) => n >= scale.least && n <= scale.most,
  );
  return [
    `<defs><linearGradient id="counts-${index}" x1="0" x2="0" y1="0" y2="1">${stops.join('')}</linearGradient></defs>`,
    `<rect width="${BAR}" height="${height}" fill="url(#counts-${index})" stroke="${INK}"/>`,
    ...powers.map((n) => {
      const at = round((1 - share(n, scale)) * height);
      return `<path d="M${BAR} ${at}h4" stroke="${INK}"/><text x="${BAR + 7}" y="${at + 4}">${n.toLocaleString('en')}</text>`;
    }),
    `<text transform="translate(${BAR + 54} ${height / 2}) rotate(-90)" text-anchor="middle">Trajectories in a cell</text>`,
  ].join('');
}

/** White where nothing is. The first row is the top, the largest residual. */
function pixels({ density }: Trajectories, scale: Scale): Uint8Array {
  const width = density.length;
  const rgba = new Uint8Array(width * BINS * 4).fill(255);
  for (const [t, pairs] of density.entries())
    for (let i = 0; i < pairs.length; i += 2) {
      const at = ((BINS - 1 - (pairs[i] ?? 0)) * width + t) * 4;
      const channels = colour(share(pairs[i + 1] ?? 0, scale)).match(/\w\w/g) ?? [];
      for (const [channel, hex] of channels.entries()) rgba[at + channel] = parseInt(hex, 16);
    }
  return rgba;
}

/** Five or so round numbers from 0 to `most`. */
function niceTicks(most: number): readonly number[] {
  const step = [5, 10, 20, 25, 50].find((size) => most / size <= 6) ?? 100;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}

const round = (x: number): number => Math.round(100 * x) / 100;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
