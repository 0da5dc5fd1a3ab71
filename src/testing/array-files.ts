/** Files of arrays as other programs write them. For tests only. */

/** An IDX file of bytes. */
export function idxFile(shape: readonly number[], values: Uint8Array): Uint8Array {
  const file = new Uint8Array(4 + 4 * shape.length + values.length);
  const header = new DataView(file.buffer);
  header.setUint32(0, 0x800 + shape.length);
  for (const [i, size] of shape.entries()) header.setUint32(4 + 4 * i, size);
  file.set(values, 4 + 4 * shape.length);
  return file;
}

/** What `numpy.save` makes of whole numbers of one to eight bytes each; they lie from −128 to 255. */
export function integerNpy(descr: string, shape: readonly number[], values: ArrayLike<number>): Uint8Array {
  const header =
    `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join()},), }`.padEnd(117) + '\n';
  const size = Number(descr.slice(2));
  const file = new Uint8Array(10 + header.length + size * values.length);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
  file.set(new TextEncoder().encode(header), 10);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    const at = 10 + header.length + i * size;
    file.fill(value < 0 ? 255 : 0, at, at + size);
    file[at] = value;
  }
  return file;
}
