/** Figures as PNG, for who cannot use SVG: drawn by resvg in the lab's own font, so that they look the same everywhere. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);
const FONT = 'Inter Variable';
const FONT_FILES = ['latin', 'latin-ext', 'greek'].map(
  (subset) => `@fontsource-variable/inter/files/inter-${subset}-wght-normal.woff2`,
);
/** Pixels to one of the figure. */
const ZOOM = 2;

let ready: ReturnType<typeof load> | undefined;

async function load() {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  await initWasm(await readFile(resolve('@resvg/resvg-wasm/index_bg.wasm')));
  const fonts = await Promise.all(FONT_FILES.map((file) => readFile(resolve(file))));
  return { Resvg, fonts };
}

/** @throws Error when it is no SVG */
export async function svgToPng(svg: string): Promise<Uint8Array> {
  ready ??= load();
  const { Resvg, fonts } = await ready;
  const font = { fontBuffers: fonts, defaultFontFamily: FONT, sansSerifFamily: FONT };
  const drawing = new Resvg(svg, { font, fitTo: { mode: 'zoom', value: ZOOM } });
  const image = drawing.render();
  const png = image.asPng();
  image.free();
  drawing.free();
  return png;
}
