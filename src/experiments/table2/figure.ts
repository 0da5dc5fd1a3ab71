/**
 * Figures 3 and 4 of the paper (pp. 20–21) from our runs, as SVG: the density maps of halves of four, with Table 2's number as a ring.
 */
import { interpolateMagma } from 'd3-scale-chromatic';
import { meanIndex, PAPER_COUNTING, type Trajectories } from '../density/counts';
import { drawBar, drawMap, escape, scaleOf, type Look } from '../density/panel';
import { TABLE_TOLERANCE, type Configuration } from './configurations';

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

const EXPONENT = Math.round(Math.log10(TABLE_TOLERANCE));

/** Dark is many, as in matplotlib's magma_r; the rest as the paper has it. */
const LOOK: Look = {
  ink: '#1d1d1f',
  ground: '#fff',
  curve: '#00b7c8',
  mark: '#fff',
  halo: null,
  colour: (share) => interpolateMagma(1 - share),
  power: (exponent) => `1e${exponent}`,
};

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
    ` font-family="Inter, 'Helvetica Neue', Arial, sans-serif" font-size="12" fill="${LOOK.ink}">`,
    `<rect width="${width}" height="${HEIGHT}" fill="#fff"/>`,
    ...parts,
    '</svg>\n',
  ].join('');
}

/** The colours are those of the base model, the same in all panels of a half. */
function drawHalf(half: Half, index: number, encodePng: EncodePng): string {
  const scale = scaleOf(half[0]?.trajectories);
  const panels = half.map(({ configuration, trajectories }, i) => {
    const [column, row] = [i % 2, Math.floor(i / 2)];
    const [x, y] = [LEFT + column * (WIDE + GAP_X), TOP + row * (HIGH + GAP_Y)];
    const mean = meanIndex(trajectories, EXPONENT).toFixed(1);
    const map = {
      title: `${configuration.title}: ${mean} iterations to 1e${EXPONENT}`,
      ...{ trajectories, counting: PAPER_COUNTING, exponent: EXPONENT, wide: WIDE, high: HIGH },
      axes: {
        x: row === 1 ? 'Number of iterations' : null,
        y: column === 0 ? 'Relative residual' : null,
      },
    };
    const drawn = drawMap(
      map,
      scale,
      LOOK,
      (...picture) => `data:image/png;base64,${base64(encodePng(...picture))}`,
    );
    return `<g transform="translate(${x} ${y})">${drawn}</g>`;
  });
  const size = { wide: BAR, high: 2 * HIGH + GAP_Y };
  const bar = drawBar(scale, size, LOOK, `counts-${index}`, 'Trajectories in a cell');
  return `${panels.join('')}<g transform="translate(${LEFT + 2 * WIDE + GAP_X + 18} ${TOP})">${bar}</g>`;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
