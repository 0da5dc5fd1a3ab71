/** The colours and the font of a chart, read from the page's custom properties at the time of drawing. */
import { SERIES, seriesIndex } from './chart-run';

export type ChartTheme = {
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  /** One a place in the palette. */
  readonly series: readonly string[];
  readonly font: string;
};

const FONT = "'Inter Variable', Inter, system-ui, sans-serif";

/** The light theme without a page: what an exported chart with a light background is drawn in. */
export const LIGHT_THEME: ChartTheme = {
  surface: '#ffffff',
  text: '#16203a',
  muted: '#515c77',
  grid: '#e3e6ed',
  series: ['#2b8aef', '#8f3606', '#00794b', '#de3a9e', '#928722', '#4f30e0', '#32383f', '#d4424f'],
  font: FONT,
};

export const DARK_THEME: ChartTheme = {
  surface: '#161d2d',
  text: '#e8ecf6',
  muted: '#a3aec6',
  grid: '#2b364e',
  series: ['#61abff', '#f0a05c', '#9cf5da', '#d0509a', '#f7de3a', '#8a72ff', '#c3cad2', '#ef5350'],
  font: FONT,
};

const FORCED = '(forced-colors: active)';

function darkPage(): boolean {
  const chosen = document.documentElement.dataset['theme'];
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

/**
 * Reads the theme where `host` stands. A hidden probe takes each custom property as its colour, so that
 * a property may be any CSS colour, `light-dark()` and `color-mix()` too.
 */
export function readTheme(host: HTMLElement): ChartTheme {
  const fallback = darkPage() ? DARK_THEME : LIGHT_THEME;
  const probe = document.createElement('span');
  probe.hidden = true;
  // Where a person has set the colours of all pages, theirs; the dashes tell the curves apart.
  const forced = matchMedia(FORCED).matches;
  probe.style.setProperty('forced-color-adjust', 'none');
  (host.shadowRoot ?? host).append(probe);
  const style = getComputedStyle(probe);
  const read = (property: string, otherwise: string, system = 'CanvasText'): string => {
    probe.style.color = forced ? system : `var(${property}, ${otherwise})`;
    return style.color;
  };
  const theme: ChartTheme = {
    surface: read('--chart-surface', `var(--surface-2, ${fallback.surface})`, 'Canvas'),
    text: read('--text', fallback.text),
    muted: read('--text-muted', fallback.muted),
    grid: read('--border', fallback.grid, 'GrayText'),
    series: Array.from({ length: SERIES }, (_, i) =>
      read(`--series-${i}`, fallback.series[i] ?? fallback.text),
    ),
    font: style.fontFamily || FONT,
  };
  probe.remove();
  return theme;
}

export function seriesColour(theme: ChartTheme, colour: number): string {
  return theme.series[seriesIndex(colour)] ?? theme.text;
}

/** Calls `changed` when the page turns light or dark, until the returned function is called. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-theme', 'class', 'style'],
  });
  const media = ['(prefers-color-scheme: dark)', FORCED].map((query) => matchMedia(query));
  for (const each of media) each.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    for (const each of media) each.removeEventListener('change', changed);
  };
}
