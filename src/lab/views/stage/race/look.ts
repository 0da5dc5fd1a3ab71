/** What density maps look like in the lab: the paper's colours, and on a dark ground the same the other way round. */
import { interpolateMagma } from 'd3-scale-chromatic';
import type { Look } from '../../../../experiments/density/panel';
import type { ChartTheme } from '../../../charts/chart-theme';
import { powerOfTen, shortNumber } from '../../../charts/number-text';

/** Of the colours, the end that is near the ground: a single cue is seen. */
const NEAR = { light: 0.14, dark: 0.24 } as const;

/** matplotlib's magma_r: dark is many; on a dark ground its magma, where bright is many. */
export function densityLook({ surface, text }: ChartTheme, dark: boolean): Look {
  return {
    ink: text,
    ground: surface,
    curve: dark ? '#35e0ee' : '#00a3b4',
    mark: dark ? '#ffffff' : text,
    halo: surface,
    colour: dark
      ? (share) => interpolateMagma(NEAR.dark + (1 - NEAR.dark) * share)
      : (share) => interpolateMagma((1 - NEAR.light) * (1 - share)),
    power: (exponent) => powerOfTen(10 ** exponent) || shortNumber(10 ** exponent, 2),
  };
}

/** A picture of RGBA pixels as the address of a PNG. */
export function pictureAddress(width: number, height: number, rgba: Uint8Array): string {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser has no 2D canvas to draw on');
  context.putImageData(new ImageData(Uint8ClampedArray.from(rgba), width, height), 0, 0);
  return canvas.toDataURL();
}

/** Pixels of a PNG for one of the figure's. */
const SCALE = 2;

/** @throws Error when the browser cannot draw the figure */
export async function svgToPng(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = new OffscreenCanvas(SCALE * image.width, SCALE * image.height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser has no 2D canvas to draw on');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: 'image/png' });
}
