import { describe, expect, it } from 'vitest';
import { readImageHeader } from './image-size';

function bytes(...parts: readonly (string | readonly number[])[]): ArrayBuffer {
  const all = parts.flatMap((part) =>
    typeof part === 'string' ? [...part].map((c) => c.charCodeAt(0)) : part,
  );
  return new Uint8Array(all).buffer;
}

const zeros = (count: number): readonly number[] => Array.from({ length: count }, () => 0);

describe('the size of an image, from its first bytes', () => {
  it('reads a PNG', () => {
    const png = bytes([0x89], 'PNG\r\n\x1a\n', [0, 0, 0, 13], 'IHDR', [0, 0, 0x4e, 0x20, 0, 0, 1, 0]);
    expect(readImageHeader(png)).toEqual({ format: 'PNG', size: { width: 20_000, height: 256 } });
  });

  it('reads a GIF', () => {
    expect(readImageHeader(bytes('GIF89a', [0x40, 1, 0x20, 0]))).toEqual({
      format: 'GIF',
      size: { width: 320, height: 32 },
    });
  });

  it('reads a JPEG behind other segments', () => {
    const jpeg = bytes([
      0xff,
      0xd8,
      0xff,
      0xe0,
      0,
      4,
      1,
      2,
      0xff,
      0xff,
      0xc2,
      0,
      11,
      8,
      1,
      0,
      2,
      0,
      ...zeros(8),
    ]);
    expect(readImageHeader(jpeg)).toEqual({ format: 'JPEG', size: { width: 512, height: 256 } });
  });

  it('reads all three layouts of WebP', () => {
    const webp = (kind: string, rest: readonly number[]): ArrayBuffer =>
      bytes('RIFF', zeros(4), 'WEBP', kind, zeros(4), rest, zeros(16));
    const size = { width: 300, height: 200 };
    const lossless = (300 - 1) | ((200 - 1) << 14);
    const le = (x: number, count: number): readonly number[] =>
      Array.from({ length: count }, (_, i) => (x >> (8 * i)) & 255);
    expect(readImageHeader(webp('VP8X', [0, 0, 0, 0, ...le(299, 3), ...le(199, 3)]))?.size).toEqual(size);
    expect(readImageHeader(webp('VP8L', [0x2f, ...le(lossless, 4)]))?.size).toEqual(size);
    expect(
      readImageHeader(webp('VP8 ', [0, 0, 0, 0x9d, 1, 0x2a, ...le(300, 2), ...le(200, 2)]))?.size,
    ).toEqual(size);
  });

  it('says so when a file is cut short, and when it is no image', () => {
    expect(readImageHeader(bytes([0x89], 'PNG\r\n\x1a\n'))).toEqual({ format: 'PNG', size: null });
    expect(readImageHeader(bytes([0xff, 0xd8, 0xff, 0xe0, 0, 200]))).toEqual({ format: 'JPEG', size: null });
    expect(readImageHeader(bytes('<svg>'))).toBeNull();
    expect(readImageHeader(new ArrayBuffer(0))).toBeNull();
  });
});
