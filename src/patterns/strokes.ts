/** What is drawn by hand, as strokes: where a pen went, to parts of a pixel. */
import type { Picture } from './picture';

/** Column and row, from the upper left corner; the middle of the first pixel is (0.5, 0.5). */
export type Place = { readonly x: number; readonly y: number };

export type Stroke = {
  /** Across, in pixels. */
  readonly size: number;
  /** Joined by straight lines; one place is a dot. */
  readonly places: readonly Place[];
};

/** Steps along a line that the eraser takes a stroke apart by, in pixels. */
const STEP = 0.25;

/** From a place to the line between two others. */
function distance({ x, y }: Place, a: Place, b: Place): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - a.x - t * dx, y - a.y - t * dy);
}

/** The lines of a stroke; of a dot, one of no length. */
export function* linesOf({ places }: Stroke): Generator<readonly [Place, Place]> {
  const [first] = places;
  if (!first) return;
  let from = first;
  for (const to of places.length === 1 ? places : places.slice(1)) {
    yield [from, to];
    from = to;
  }
}

/**
 * The picture with a round, soft stroke over it: each pixel moves towards `value` by the share of it that the stroke covers,
 * never away from it. What lies outside is not drawn. Returns the same object when no pixel changes.
 * @throws RangeError on a stroke of no size, or a value or place that is not finite.
 */
export function paintStroke(picture: Picture, stroke: Stroke, value: number): Picture {
  const { width, height } = picture;
  const { size, places } = stroke;
  if (!(size > 0 && size < Infinity)) throw new RangeError(`a stroke is wider than 0 pixels, not ${size}`);
  if (!Number.isFinite(value)) throw new RangeError(`a stroke cannot paint ${value}`);
  if (!places.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))) {
    throw new RangeError('a stroke needs places that are finite numbers');
  }
  const values = picture.values.slice();
  const reach = size / 2 + 0.5;
  let changed = false;
  for (const [a, b] of linesOf(stroke)) {
    const [left, right] = span(a.x, b.x, reach, width);
    const [top, bottom] = span(a.y, b.y, reach, height);
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const covered = Math.min(1, reach - distance({ x: x + 0.5, y: y + 0.5 }, a, b));
        if (covered <= 0) continue;
        const i = y * width + x;
        const before = values[i] ?? 0;
        const painted = Math.fround(covered * value - (1 - covered) * Math.sign(value));
        const after = value > 0 ? Math.max(before, painted) : Math.min(before, painted);
        if (after === before) continue;
        values[i] = after;
        changed = true;
      }
    }
  }
  return changed ? { width, height, values } : picture;
}

/** The pixels, from the first to before the last, that a line from `a` to `b` reaches. */
function span(a: number, b: number, reach: number, length: number): readonly [number, number] {
  return [
    Math.max(0, Math.floor(Math.min(a, b) - reach)),
    Math.min(length, Math.ceil(Math.max(a, b) + reach)),
  ];
}

/** The strokes without what an eraser, itself a stroke, goes over with their middle. */
export function eraseStrokes(strokes: readonly Stroke[], eraser: Stroke): readonly Stroke[] {
  const gone = (place: Place): boolean => {
    for (const [a, b] of linesOf(eraser)) if (distance(place, a, b) <= eraser.size / 2) return true;
    return false;
  };
  return strokes.flatMap((stroke) => {
    const parts: Place[][] = [[]];
    let whole = true;
    for (const place of closely(stroke)) {
      if (!gone(place)) parts.at(-1)?.push(place);
      else {
        whole = false;
        parts.push([]);
      }
    }
    if (whole) return [stroke];
    return parts.filter(({ length }) => length > 0).map((places) => ({ ...stroke, places }));
  });
}

/** The places of a stroke, with others between them so that none is far from the next. */
function* closely(stroke: Stroke): Generator<Place> {
  const [first] = stroke.places;
  if (first) yield first;
  if (stroke.places.length < 2) return;
  for (const [a, b] of linesOf(stroke)) {
    const steps = Math.max(1, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / STEP));
    for (let i = 1; i <= steps; i++) {
      yield { x: a.x + ((b.x - a.x) * i) / steps, y: a.y + ((b.y - a.y) * i) / steps };
    }
  }
}
