/** Animated PNG: https://www.w3.org/TR/png-3/#apng-frame-based-animation. */
import { crc32 } from 'node:zlib';

/**
 * A frame: a PNG of its own, where it is put on the picture, and for how long it is shown. All have the same kind of pixels, and the
 * first one is as large as the picture. Where a later one is transparent, what was there stays.
 * @typedef {{ png: Buffer, x: number, y: number, milliseconds: number }} Frame
 */

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** The header of a PNG and its compressed pixels. @param {Buffer} png */
function partsOf(png) {
  /** @type {Buffer} */
  let header = Buffer.alloc(0);
  const pixels = [];
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = data;
    if (type === 'IDAT') pixels.push(data);
    at += length + 12;
  }
  return { header, pixels: Buffer.concat(pixels) };
}

/** @param {readonly number[]} numbers each as four bytes */
function words(...numbers) {
  const out = Buffer.alloc(4 * numbers.length);
  for (const [i, number] of numbers.entries()) out.writeUInt32BE(number, 4 * i);
  return out;
}

/** @param {readonly Frame[]} frames @returns {Buffer} a file that plays for ever, and is the first frame where PNG does not move */
export function apng(frames) {
  const all = frames.map((frame) => ({ ...frame, ...partsOf(frame.png) }));
  const [first] = all;
  if (!first) throw new Error('a film has a frame');
  let sequence = 0;
  const chunks = all.flatMap(({ header, pixels, x, y, milliseconds }, i) => {
    if (!header.subarray(8).equals(first.header.subarray(8))) {
      throw new Error(`frame ${i} has another kind of pixels than the first`);
    }
    const control = words(sequence++, header.readUInt32BE(0), header.readUInt32BE(4), x, y);
    // How long, in thousandths of a second; what it leaves behind stays; it is laid over what is there.
    const manner = Buffer.from([milliseconds >> 8, milliseconds & 255, 1000 >> 8, 1000 & 255, 0, 1]);
    return [
      chunk('fcTL', Buffer.concat([control, manner])),
      i === 0 ? chunk('IDAT', pixels) : chunk('fdAT', Buffer.concat([words(sequence++), pixels])),
    ];
  });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', first.header),
    chunk('acTL', words(frames.length, 0)),
    ...chunks,
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
