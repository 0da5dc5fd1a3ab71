/**
 * A density map as SVG, as the paper's Figures 3 and 4 draw it: how many trajectories are where, at each iteration; the mean index of
 * convergence against the tolerance as a line; and that at one tolerance as a ring.
 */
import { meanIndex, type Counting, type Trajectories } from './counts';

/** What a map is drawn with. */
export type Look = {
  readonly ink: string;
  /** Where no trajectory is. */
  readonly ground: string;
  /** The line of the mean index. */
  readonly curve: string;
  /** The tolerance, and the ring on it; `halo` is around them, for maps with empty places. */
  readonly mark: string;
  readonly halo: string | null;
  /** The colour of a share from 0 (the fewest) to 1 (the most), as #rrggbb. */
  readonly colour: (share: number) => string;
  readonly power: (exponent: number) => string;
};

/** Makes the address of a picture of RGBA pixels: `data:image/png;base64,…` */
export type PictureAddress = (width: number, height: number, rgba: Uint8Array) => string;

/** Colours of counts: logarithmic, from one to the other. */
export type Scale = { readonly least: number; readonly most: number };

export type DensityMap = {
  readonly title: string;
  readonly trajectories: Trajectories;
  readonly counting: Counting;
  /** Of the tolerance that is marked. */
  readonly exponent: number;
  readonly wide: number;
  readonly high: number;
  /** The words of the axes; null where another map beside it has them. */
  readonly axes: { readonly x: string | null; readonly y: string | null };
};

/** From the smallest to the largest count of any cell. */
export function scaleOf(base: Pick<Trajectories, 'density'> | undefined): Scale {
  let [least, most] = [Infinity, 1];
  for (const pairs of base?.density ?? [])
    for (let i = 1; i < pairs.length; i += 2) {
      least = Math.min(least, pairs[i] ?? least);
      most = Math.max(most, pairs[i] ?? most);
    }
  return { least, most };
}

const share = (count: number, { least, most }: Scale): number =>
  most > least ? Math.min(Math.max(Math.log(count / least) / Math.log(most / least), 0), 1) : 1;

/** The map itself has its corner at (0, 0); its words stand around it. */
export function drawMap(map: DensityMap, scale: Scale, look: Look, picture: PictureAddress): string {
  const { title, trajectories, counting, exponent, wide, high, axes } = map;
  const { bins, least, most, exponents } = counting;
  const { ink, mark, halo } = look;
  const columns = trajectories.density.length;
  const x = (t: number): number => ((t + 0.5) / columns) * wide;
  const y = (e: number): number => round(((most - e) / (most - least)) * high);
  const means = exponents
    .map((e) => ({ e, mean: meanIndex(trajectories, e, counting) }))
    .filter(({ mean }) => Number.isFinite(mean));
  const points = means.map(({ e, mean }) => `${round(x(mean))},${y(e)}`);
  const mean = means.find(({ e }) => e === exponent)?.mean;
  /** A line, over a wider one in the colour of the halo. */
  const stroke = (shape: string, colour: string, width: number, dash = ''): string => {
    const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
    const line = `${shape} stroke="${colour}" stroke-width="${width}"${dashes}/>`;
    return halo === null ? line : `${shape} stroke="${halo}" stroke-width="${width + 2}"/>${line}`;
  };
  const ticksY = decades(least, most);
  return [
    `<text x="${wide / 2}" y="-12" text-anchor="middle" font-size="13" font-weight="600">${escape(title)}</text>`,
    `<rect width="${wide}" height="${high}" fill="${look.ground}"/>`,
    columns > 0
      ? `<image width="${wide}" height="${high}" preserveAspectRatio="none" style="image-rendering:pixelated" href="${picture(columns, bins, pixels(map, scale, look))}"/>`
      : '',
    stroke(
      `<line x1="0" x2="${round(x(columns - 1.5))}" y1="${y(exponent)}" y2="${y(exponent)}"`,
      mark,
      1.5,
      '6 4',
    ),
    points.length > 1 ? stroke(`<polyline points="${points.join(' ')}" fill="none"`, look.curve, 2) : '',
    mean === undefined
      ? ''
      : stroke(`<circle cx="${round(x(mean))}" cy="${y(exponent)}" r="5" fill="none"`, mark, 2),
    `<rect width="${wide}" height="${high}" fill="none" stroke="${ink}"/>`,
    ...ticks(columns - 1).map(
      (t) =>
        `<path d="M${round(x(t))} ${high}v4" stroke="${ink}"/><text x="${round(x(t))}" y="${high + 17}" text-anchor="middle">${t}</text>`,
    ),
    ...ticksY.map(
      (e) =>
        `<path d="M0 ${y(e)}h-4" stroke="${ink}"/>${axes.y === null ? '' : `<text x="-7" y="${y(e) + 4}" text-anchor="end">${look.power(e)}</text>`}`,
    ),
    axes.x === null
      ? ''
      : `<text x="${wide / 2}" y="${high + 37}" text-anchor="middle">${escape(axes.x)}</text>`,
    axes.y === null
      ? ''
      : `<text transform="translate(-52 ${high / 2}) rotate(-90)" text-anchor="middle">${escape(axes.y)}</text>`,
  ].join('');
}

/**
 * What the colours mean: a bar with its corner at (0, 0), numbers to its right.
 * @param id no other in the document
 */
export function drawBar(
  scale: Scale,
  { wide, high }: { readonly wide: number; readonly high: number },
  look: Look,
  id: string,
  words: string,
): string {
  const { ink } = look;
  const stops = Array.from(
    { length: 17 },
    (_, i) => `<stop offset="${i / 16}" stop-color="${look.colour(1 - i / 16)}"/>`,
  );
  const powers = Array.from({ length: 7 }, (_, i) => 10 ** i).filter(
    (n) => n >= scale.least && n <= scale.most,
  );
  return [
    `<defs><linearGradient id="${id}" x1="0" x2="0" y1="0" y2="1">${stops.join('')}</linearGradient></defs>`,
    `<rect width="${wide}" height="${high}" fill="url(#${id})" stroke="${ink}"/>`,
    ...powers.map((n) => {
      const at = round((1 - share(n, scale)) * high);
      return `<path d="M${wide} ${at}h4" stroke="${ink}"/><text x="${wide + 7}" y="${at + 4}">${n.toLocaleString('en')}</text>`;
    }),
    `<text transform="translate(${wide + 54} ${high / 2}) rotate(-90)" text-anchor="middle">${escape(words)}</text>`,
  ].join('');
}

/** Clear where nothing is. The first row is the top, the largest residual. */
function pixels(
  { trajectories: { density }, counting: { bins } }: DensityMap,
  scale: Scale,
  { colour }: Look,
): Uint8Array {
  const width = density.length;
  const rgba = new Uint8Array(width * bins * 4);
  for (const [t, pairs] of density.entries())
    for (let i = 0; i < pairs.length; i += 2) {
      const at = ((bins - 1 - (pairs[i] ?? 0)) * width + t) * 4;
      const channels = colour(share(pairs[i + 1] ?? 0, scale)).match(/\w\w/g) ?? [];
      for (const [channel, hex] of channels.entries()) rgba[at + channel] = parseInt(hex, 16);
      rgba[at + 3] = 255;
    }
  return rgba;
}

/** Powers of ten below `most`: each, or every other one where there are many. */
function decades(least: number, most: number): readonly number[] {
  const step = most - least > 7 ? 2 : 1;
  return Array.from({ length: Math.ceil((most - least) / step) }, (_, i) => least + i * step);
}

/** Five or so round numbers from 0 to `most`. */
export function ticks(most: number): readonly number[] {
  const step = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000].find((size) => most / size <= 6) ?? 5000;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}

export const round = (x: number): number => Math.round(100 * x) / 100;

export const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
