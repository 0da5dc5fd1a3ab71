/** Scaling by area: each pixel of the result is the mean of what it covers of the source. */

export type Fitted = {
  /** [height · width] of the target. */
  readonly values: Float32Array;
  /** Where the source lies in the target. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};

/**
 * Scales `source`, [sourceHeight · sourceWidth], to the largest size of the same proportions that fits
 * `width` × `height`, and centres it there; the rest is `around`.
 */
export function fitInto(
  source: Float32Array,
  sourceWidth: number,
  sourceHeight: number,
  width: number,
  height: number,
  around: number,
): Fitted {
  const scale = Math.min(width / sourceWidth, height / sourceHeight);
  const across = Math.min(width, Math.max(1, Math.round(sourceWidth * scale)));
  const down = Math.min(height, Math.max(1, Math.round(sourceHeight * scale)));
  const left = (width - across) >> 1;
  const top = (height - down) >> 1;

  const narrowed = scaleRows(source, sourceWidth, sourceHeight, across);
  const scaled = transpose(
    scaleRows(transpose(narrowed, across, sourceHeight), sourceHeight, across, down),
    down,
    across,
  );

  const values = new Float32Array(width * height).fill(around);
  for (let y = 0; y < down; y++) {
    values.set(scaled.subarray(y * across, (y + 1) * across), (top + y) * width + left);
  }
  return { values, left, top, width: across, height: down };
}

/** Scales each of `rows` rows from `length` numbers to `target`. */
function scaleRows(source: Float32Array, length: number, rows: number, target: number): Float32Array {
  const out = new Float32Array(rows * target);
  const step = length / target;
  for (let row = 0; row < rows; row++) {
    for (let t = 0; t < target; t++) {
      const from = t * step;
      const to = Math.min(length, from + step);
      let sum = 0;
      for (let i = Math.floor(from); i < to; i++) {
        sum += (Math.min(to, i + 1) - Math.max(from, i)) * (source[row * length + i] ?? 0);
      }
      out[row * target + t] = sum / (to - from);
    }
  }
  return out;
}

function transpose(source: Float32Array, width: number, height: number): Float32Array {
  const out = new Float32Array(source.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) out[x * height + y] = source[y * width + x] ?? 0;
  }
  return out;
}
