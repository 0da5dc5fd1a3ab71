/** Pictures drawn as text: '#' is ink, '.' is paper. */
import type { MemorySet, Picture } from '../picture';

/**
 * The drawing, one line a row, in the middle of a field of `width` × `height` paper.
 * @throws RangeError on a drawing larger than the field, of uneven rows, or with another character in it.
 */
export function bitmap(drawing: string, width: number, height: number): Picture {
  const rows = drawing.trim().split('\n');
  const across = rows[0]?.length ?? 0;
  if (across > width || rows.length > height) {
    throw new RangeError(`a drawing of ${across} × ${rows.length} does not fit ${width} × ${height}`);
  }
  const left = (width - across) >> 1;
  const top = (height - rows.length) >> 1;
  const values = new Float32Array(width * height).fill(-1);
  for (const [y, row] of rows.entries()) {
    if (row.length !== across || /[^.#]/.test(row)) {
      throw new RangeError(`row ${y + 1} of a drawing must be ${across} dots and hashes, not "${row}"`);
    }
    for (let x = 0; x < across; x++) {
      if (row[x] === '#') values[(top + y) * width + left + x] = 1;
    }
  }
  return { width, height, values };
}

/** A set of drawings by their names, each in the middle of a field of `width` × `height`. */
export function bitmapSet(
  name: string,
  width: number,
  height: number,
  drawings: Readonly<Record<string, string>>,
): MemorySet {
  const memories = Object.entries(drawings).map(([memory, drawing]) => ({
    name: memory,
    picture: bitmap(drawing, width, height),
  }));
  return { name, width, height, memories };
}
