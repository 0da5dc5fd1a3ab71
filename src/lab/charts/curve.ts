/**
 * A curve of any length in a bounded number of points.
 *
 * Entries are read once, as they come. They fall into buckets of equally many iterations, and a bucket keeps
 * its lowest and its highest entry, so no peak is lost; when there are too many buckets, neighbours
 * merge. An append costs the same however long the curve is.
 */

export type Point = { readonly x: number; readonly y: number };

type Bucket = { low: Point; high: Point };

export const MOST_POINTS = 2000;

export class Curve {
  /** The points to draw, in the order of x; another array after each update that read something. */
  points: Point[] = [];
  /** Entries read so far, finite or not. */
  read = 0;
  /** Finite entries so far. */
  count = 0;
  first: Point | null = null;
  last: Point | null = null;
  lowest = Infinity;
  highest = -Infinity;

  readonly #mostBuckets: number;
  #buckets: Bucket[] = [];
  /** Iterations in a bucket. */
  #span = 1;

  /** @param floor the least y that is drawn: what is below stands at it. */
  constructor(
    readonly source: readonly number[],
    readonly floor: number = -Infinity,
    mostPoints: number = MOST_POINTS,
  ) {
    // Two points a bucket, the first entry and the last.
    this.#mostBuckets = Math.max(2, Math.floor((mostPoints - 2) / 2));
  }

  /** Reads what has been appended to the source; true when there was something. */
  update(): boolean {
    const from = this.read;
    for (; this.read < this.source.length; this.read++) this.#take(this.read, this.source[this.read] ?? NaN);
    if (this.read === from) return false;
    this.#list();
    return true;
  }

  #take(x: number, value: number): void {
    if (!Number.isFinite(value)) return;
    const point = { x, y: Math.max(value, this.floor) };
    this.count++;
    this.first ??= point;
    this.last = point;
    this.lowest = Math.min(this.lowest, point.y);
    this.highest = Math.max(this.highest, point.y);
    const at = Math.floor(x / this.#span);
    const newest = this.#buckets.at(-1);
    if (newest && Math.floor(newest.low.x / this.#span) === at) widen(newest, { low: point, high: point });
    else this.#buckets.push({ low: point, high: point });
    while (this.#buckets.length > this.#mostBuckets) this.#merge();
  }

  #merge(): void {
    this.#span *= 2;
    const merged: Bucket[] = [];
    for (const bucket of this.#buckets) {
      const before = merged.at(-1);
      const same = before && Math.floor(before.low.x / this.#span) === Math.floor(bucket.low.x / this.#span);
      if (same) widen(before, bucket);
      else merged.push(bucket);
    }
    this.#buckets = merged;
  }

  #list(): void {
    const { first, last } = this;
    const points: Point[] = [];
    const add = (point: Point): void => {
      if (points.at(-1)?.x !== point.x) points.push(point);
    };
    if (first) add(first);
    for (const { low, high } of this.#buckets) {
      add(low.x < high.x ? low : high);
      add(low.x < high.x ? high : low);
    }
    if (last) add(last);
    this.points = points;
  }
}

function widen(bucket: Bucket, { low, high }: Bucket): void {
  if (low.y < bucket.low.y) bucket.low = low;
  if (high.y > bucket.high.y) bucket.high = high;
}
