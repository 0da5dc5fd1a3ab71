/** A drawing placed, scaled and set upright as the memories of a set lie, in strokes as thick as theirs. */
import { blankPicture } from './edit';
import { overlap, type MemorySet, type Picture } from './picture';
import { paintStroke, type Place, type Stroke } from './strokes';

/** A box of ink, in pixels from the upper left corner. */
type Box = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

/** How the memories of a set lie. */
export type Lie = {
  /** Each side is the median of theirs. */
  readonly box: Box;
  /** The median of their strokes, in pixels. */
  readonly thickness: number;
  /** Whether they are written with one pen: then a drawing gets it too. Else it keeps its own, scaled. */
  readonly onePen: boolean;
  /** Those that a drawing is set upright by. */
  readonly memories: readonly Picture[];
};

/** A drawing that would have to be stretched further than this one way than the other keeps its proportions. */
const MOST_STRETCH = 2.2;

/** Memories that are looked at, spread over the set: a drawing is fitted while it is drawn. */
const MOST_LOOKED_AT = 64;

/** With more ink than this in a picture, it is not a figure on paper. */
const MOST_INK = 0.6;

/** Strokes of one pen deviate less than this from their median, on average and as a share of it. */
const ONE_PEN = 0.15;

/** Columns a row that a drawing may be sheared by: up to 17°, upright first. */
const LEANS = [0, 0.06, -0.06, 0.12, -0.12, 0.18, -0.18, 0.24, -0.24, 0.3, -0.3];

/** The overlap that a shear of one column a row must bring to be worth it. */
const LEAN_COST = 0.25;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const last = sorted.length - 1;
  return ((sorted[Math.floor(last / 2)] ?? 0) + (sorted[Math.ceil(last / 2)] ?? 0)) / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function boxOf({ width, height, values }: Picture): Box | null {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let i = 0; i < values.length; i++) {
    if ((values[i] ?? 0) <= 0) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return right < 0 ? null : { left, top, width: right + 1 - left, height: bottom + 1 - top };
}

/** How thick the strokes of a picture are, in pixels: twice its ink by the length of its outline (by marching squares). */
export function thicknessOf({ width, height, values }: Picture): number {
  const ink = (x: number, y: number): number =>
    x >= 0 && y >= 0 && x < width && y < height && (values[y * width + x] ?? 0) > 0 ? 1 : 0;
  let area = 0;
  let outline = 0;
  for (let y = -1; y < height; y++) {
    for (let x = -1; x < width; x++) {
      const [a, b, c, d] = [ink(x, y), ink(x + 1, y), ink(x, y + 1), ink(x + 1, y + 1)];
      const corners = a + b + c + d;
      area += a;
      if (corners % 2 === 1) outline += Math.SQRT1_2;
      else if (corners === 2) outline += a === d ? Math.SQRT2 : 1;
    }
  }
  return outline > 0 ? (2 * area) / outline : 0;
}

/** How the memories of a set lie; null where there is nothing to fit to: no ink, or more of it than paper. */
export function lieOf({ memories, width, height }: MemorySet): Lie | null {
  const every = Math.ceil(memories.length / MOST_LOOKED_AT);
  const pictures = memories.filter((_, i) => i % every === 0).map(({ picture }) => picture);
  const boxes = pictures.map(boxOf).filter((box) => box !== null);
  if (boxes.length === 0) return null;
  const ink = pictures.map(({ values }) => values.reduce((n, value) => n + (value > 0 ? 1 : 0), 0));
  if (median(ink) > MOST_INK * width * height) return null;
  const [left, top] = [median(boxes.map((box) => box.left)), median(boxes.map((box) => box.top))];
  const right = median(boxes.map((box) => box.left + box.width));
  const bottom = median(boxes.map((box) => box.top + box.height));
  const pens = pictures.map(thicknessOf).filter((pen) => pen > 0);
  const thickness = median(pens);
  return {
    box: { left, top, width: right - left, height: bottom - top },
    thickness,
    onePen: mean(pens.map((pen) => Math.abs(pen - thickness))) < ONE_PEN * thickness,
    memories: pictures,
  };
}

/** A whole number of pixels across for a brush that suits a set; 1 where nothing says more. */
export function brushFor(lie: Lie | null, most: number): number {
  return lie ? Math.max(1, Math.min(most, Math.round(lie.thickness))) : 1;
}

/**
 * The drawing, on paper of the memories' size, as they lie: its box is theirs, its strokes are as thick as theirs, and it leans
 * as lets it come nearest to one of them. Null where there are no strokes.
 */
export function fitDrawing(strokes: readonly Stroke[], { memories, ...lie }: Lie): Picture | null {
  const [sheet] = memories;
  if (!sheet || strokes.every(({ places }) => places.length === 0)) return null;
  let best: Picture | null = null;
  let most = -Infinity;
  for (const lean of LEANS) {
    const picture = inBox(sheared(strokes, lean), lie, sheet);
    const near = Math.max(...memories.map(({ values }) => overlap(values, picture.values)));
    if (near - LEAN_COST * Math.abs(lean) <= most) continue;
    most = near - LEAN_COST * Math.abs(lean);
    best = picture;
  }
  return best;
}

function sheared(strokes: readonly Stroke[], lean: number): readonly Stroke[] {
  const leaning = ({ x, y }: Place): Place => ({ x: x + lean * y, y });
  return strokes.map((stroke) => ({ ...stroke, places: stroke.places.map(leaning) }));
}

function inBox(strokes: readonly Stroke[], lie: Omit<Lie, 'memories'>, sheet: Picture): Picture {
  const { box, thickness, onePen } = lie;
  const across = extent(strokes, ({ x }) => x);
  const down = extent(strokes, ({ y }) => y);
  // The middle of a pen stays half its width inside the box; a pen that is scaled with the drawing is part of it.
  const inset = onePen ? thickness : 0;
  const pen = onePen ? 0 : median(strokes.map(({ size }) => size));
  const x = Math.max(0.5, box.width - inset) / Math.max(1e-6, across.length + pen);
  const y = Math.max(0.5, box.height - inset) / Math.max(1e-6, down.length + pen);
  const least = Math.min(x, y);
  const stretched = Math.max(x, y) <= MOST_STRETCH * least;
  const scale = stretched ? { x, y } : { x: least, y: least };
  const moved = (place: Place): Place => ({
    x: box.left + box.width / 2 + scale.x * (place.x - across.middle),
    y: box.top + box.height / 2 + scale.y * (place.y - down.middle),
  });
  let picture = blankPicture(sheet.width, sheet.height);
  for (const { size, places } of strokes) {
    const width = onePen ? thickness : Math.max(1, size * Math.sqrt(scale.x * scale.y));
    picture = paintStroke(picture, { size: width, places: places.map(moved) }, 1);
  }
  return picture;
}

function extent(
  strokes: readonly Stroke[],
  of: (place: Place) => number,
): { readonly length: number; readonly middle: number } {
  let [least, most] = [Infinity, -Infinity];
  for (const { places } of strokes) {
    for (const place of places) [least, most] = [Math.min(least, of(place)), Math.max(most, of(place))];
  }
  return { length: most - least, middle: (least + most) / 2 };
}
