/** Text in a figure: how wide it is, how it is cut and broken into lines, and raised and lowered digits. */
import type { Text, Weight } from './shapes';

/** The width of plain text, in units of the layout. */
export type Ruler = (text: string, size: number, weight: Weight) => number;

/** The font of the page. The others stand in for it where an SVG is shown without it. */
export const FIGURE_FONT = "'Inter Variable', Inter, 'Helvetica Neue', Arial, sans-serif";

export type Piece = {
  readonly text: string;
  /** Of the text's size. */
  readonly scale: number;
  /** How far above the baseline it stands, of the text's size. */
  readonly rise: number;
};

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹⁻';
const LOWERED = '₀₁₂₃₄₅₆₇₈₉₋';
const PLAIN = '0123456789−';

const SCALE = 0.7;
const RISE = 0.36;
const DROP = -0.14;

const SCRIPTS = new RegExp(`([${RAISED}]+)|([${LOWERED}ₜ]+)`);

function plain(text: string, scripts: string): string {
  return [...text].map((c) => (c === 'ₜ' ? 't' : PLAIN.charAt(scripts.indexOf(c)))).join('');
}

/**
 * Text as pieces of ordinary letters. Fonts lack many of the raised and lowered digits, which would come in another font,
 * so they are made of ordinary ones.
 */
export function pieces(text: string): readonly Piece[] {
  const out: Piece[] = [];
  // What the pattern captures is among the parts: ordinary, raised and lowered text in turn.
  for (const [i, part] of text.split(SCRIPTS).entries()) {
    if (!part) continue;
    if (i % 3 === 0) out.push({ text: part, scale: 1, rise: 0 });
    else if (i % 3 === 1) out.push({ text: plain(part, RAISED), scale: SCALE, rise: RISE });
    else out.push({ text: plain(part, LOWERED), scale: SCALE, rise: DROP });
  }
  return out;
}

/** How wide text is with its raised and lowered digits, in units of the layout. */
export function widthOf(text: string, size: number, weight: Weight, ruler: Ruler): number {
  return pieces(text).reduce((sum, { text: part, scale }) => sum + ruler(part, size * scale, weight), 0);
}

/** Between text and its tail, of its size. */
export const TAIL_GAP = 0.5;

/** How wide a text of a figure is, with its tail. */
export function fullWidthOf({ text, size, weight, tail }: Text, ruler: Ruler): number {
  const own = widthOf(text, size, weight, ruler);
  return tail ? own + TAIL_GAP * size + widthOf(tail.text, size, 400, ruler) : own;
}

/** Where text begins, from the place that it is anchored to. */
export function leftOf(shape: Text, ruler: Ruler): number {
  const share = { start: 0, middle: 0.5, end: 1 }[shape.anchor];
  return shape.x - share * fullWidthOf(shape, ruler);
}

/** The text, cut and ended by an ellipsis where it is wider than there is room. */
export function fitText(text: string, room: number, size: number, weight: Weight, ruler: Ruler): string {
  if (widthOf(text, size, weight, ruler) <= room) return text;
  const letters = [...text];
  while (letters.length > 0) {
    letters.pop();
    const cut = `${letters.join('').trimEnd()}…`;
    if (widthOf(cut, size, weight, ruler) <= room) return cut;
  }
  return '…';
}

const SEPARATOR = ' · ';

/** Joins parts into lines that are no wider than there is room. A part is never broken; one that is too wide is cut. */
function fillLines(parts: readonly string[], room: number, size: number, ruler: Ruler): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const joined = last === undefined ? part : `${last}${SEPARATOR}${part}`;
    if (last !== undefined && widthOf(joined, size, 400, ruler) <= room) lines[lines.length - 1] = joined;
    else lines.push(fitText(part, room, size, 400, ruler));
  }
  return lines;
}

/** The same, in as few lines, which are about equally long. */
export function joinInLines(
  parts: readonly string[],
  room: number,
  size: number,
  ruler: Ruler,
): readonly string[] {
  let lines = fillLines(parts, room, size, ruler);
  const widest = Math.max(0, ...parts.map((part) => widthOf(part, size, 400, ruler)));
  for (let narrower = room - size; narrower >= widest; narrower -= size) {
    const next = fillLines(parts, narrower, size, ruler);
    if (next.length > lines.length) break;
    lines = next;
  }
  return lines;
}

/**
 * Takes out of the names of runs what all of them have in common.
 * @returns what they share, empty where that is nothing, and what is left of each
 */
export function splitNames(names: readonly string[]): {
  readonly shared: string;
  readonly own: readonly string[];
} {
  const parts = names.map((name) => name.split(SEPARATOR));
  const first = parts[0] ?? [];
  const alike = first.map((part, i) => parts.every((other) => other[i] === part));
  const own = parts.map((each) => each.filter((_, i) => alike[i] !== true).join(SEPARATOR));
  const split = names.length > 1 && alike.includes(true) && own.every((name) => name !== '');
  return split
    ? { shared: first.filter((_, i) => alike[i]).join(SEPARATOR), own }
    : { shared: '', own: names };
}
