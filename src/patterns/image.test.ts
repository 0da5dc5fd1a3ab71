import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Picture } from './picture';
import { greyImage, suggestThreshold, thresholdPicture, type RgbaImage } from './image';

const BLACK = [0, 0, 0, 255];
const WHITE = [255, 255, 255, 255];

function image(width: number, height: number, pixel: (x: number, y: number) => number[]): RgbaImage {
  const data = Array.from({ length: width * height }, (_, i) => pixel(i % width, Math.floor(i / width)));
  return { width, height, data: Uint8ClampedArray.from(data.flat()) };
}

describe('greyImage', () => {
  it('weighs the colours and lays transparency over white', () => {
    const row = [BLACK, WHITE, [255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 0, 0], [0, 0, 0, 51]];
    const { grey } = greyImage(
      image(6, 1, (x) => row[x]!),
      6,
      1,
    );
    for (const [i, value] of [0, 1, 0.2126, 0.7152, 1, 0.8].entries()) expect(grey[i]).toBeCloseTo(value, 6);
  });

  it.each([
    ['white', [255, 255, 255]],
    ['black', [0, 0, 0]],
    ['yellow', [255, 230, 0]],
  ])('takes alpha for ink where all is %s, as a canvas keeps it', (_, colour) => {
    const alphas = [0, 5, 64, 128, 255];
    // Canvases keep colours multiplied with alpha, in whole numbers.
    const kept = (c: number, alpha: number): number =>
      alpha === 0 ? 0 : Math.round((Math.round((c * alpha) / 255) * 255) / alpha);
    const { grey } = greyImage(
      image(5, 1, (x) => [...colour.map((c) => kept(c, alphas[x]!)), alphas[x]!]),
      5,
      1,
    );
    for (const [i, alpha] of alphas.entries()) expect(grey[i]).toBeCloseTo(1 - alpha / 255, 6);
  });

  it('takes colour over paper where colours differ, or alpha does not', () => {
    const two = greyImage(
      image(2, 1, (x) => (x === 0 ? WHITE : [0, 0, 0, 128])),
      2,
      1,
    ).grey;
    expect([...two].map((v) => v.toFixed(2))).toEqual(['1.00', '0.50']);
    const opaque = image(2, 1, () => WHITE);
    expect([...greyImage(opaque, 2, 1).grey]).toEqual([1, 1]);
  });

  it('averages by area', () => {
    const checks = image(8, 8, (x, y) => ((x + y) % 2 === 0 ? BLACK : WHITE));
    expect([...greyImage(checks, 4, 4).grey].every((v) => Math.abs(v - 0.5) < 1e-6)).toBe(true);
    const edge = image(3, 1, (x) => (x === 0 ? BLACK : WHITE));
    expect(greyImage(edge, 2, 1).grey[0]).toBeCloseTo(1 / 3, 6);
  });

  it('keeps proportions and centres the image on white', () => {
    const { grey, covered } = greyImage(
      image(20, 10, () => BLACK),
      4,
      4,
    );
    expect([...covered].join('')).toBe('0000111111110000');
    expect([...grey]).toEqual([...covered].map((c) => 1 - c));
  });

  it.each([
    ['no pixels', { width: 0, height: 4, data: new Uint8Array(0) }, /not 0 × 4/],
    ['20,000 pixels a side', { width: 20000, height: 1, data: new Uint8Array(80000) }, /8192.*20000 × 1/],
    ['missing bytes', { width: 2, height: 2, data: new Uint8Array(15) }, /16 bytes of RGBA, not 15/],
  ])('refuses an image of %s', (_, bad, message) => {
    expect(() => greyImage(bad, 16, 16)).toThrow(message);
  });

  it('refuses a picture over 128 pixels', () => {
    expect(() =>
      greyImage(
        image(1, 1, () => BLACK),
        129,
        16,
      ),
    ).toThrow(/from 1 to 128/);
  });
});

describe('thresholdPicture', () => {
  const ramp = greyImage(
    image(4, 2, (x) => [x * 80, x * 80, x * 80, 255]),
    4,
    4,
  );

  it('makes ink of what is darker, and paper around', () => {
    const rows = [-1, -1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, -1, -1, -1, -1];
    expect([...thresholdPicture(ramp, 0.5).values]).toEqual(rows);
  });

  it('swaps ink and paper of the image, not around it', () => {
    const rows = [-1, -1, -1, -1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, -1, -1];
    expect([...thresholdPicture(ramp, 0.5, true).values]).toEqual(rows);
  });

  it('gives more ink for a higher threshold', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const ink = (t: number): number => thresholdPicture(ramp, t).values.filter((v) => v === 1).length;
    fc.assert(fc.property(share, share, (a, b) => ink(Math.min(a, b)) <= ink(Math.max(a, b))));
  });

  it.each([-0.1, 1.1, NaN])('refuses a threshold of %f', (threshold) => {
    expect(() => thresholdPicture(ramp, threshold)).toThrow(/threshold must be from 0 to 1/);
  });
});

describe('suggestThreshold', () => {
  it('parts two shades in the middle, however many there are of each', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 120 }),
        fc.integer({ min: 130, max: 255 }),
        fc.integer({ min: 1, max: 63 }),
        (dark, light, count) => {
          const two = image(8, 8, (x, y) => {
            const shade = y * 8 + x < count ? dark : light;
            return [shade, shade, shade, 255];
          });
          const grey = greyImage(two, 8, 8);
          expect(Math.abs(suggestThreshold(grey) - (dark + light) / 2 / 255)).toBeLessThan(0.01);
          expect(thresholdPicture(grey, suggestThreshold(grey)).values.filter((v) => v === 1)).toHaveLength(
            count,
          );
        },
      ),
    );
  });

  it('is a half for an image of one shade', () => {
    expect(
      suggestThreshold(
        greyImage(
          image(3, 3, () => WHITE),
          3,
          3,
        ),
      ),
    ).toBe(0.5);
  });
});

describe('the way from an image to a picture', () => {
  const pictureOf = (from: RgbaImage, width: number, height: number, invert = false): Picture => {
    const grey = greyImage(from, width, height);
    return thresholdPicture(grey, suggestThreshold(grey), invert);
  };
  const sizes = fc.integer({ min: 1, max: 40 });

  it('makes a picture of the size asked for, of ink and paper only', () => {
    fc.assert(
      fc.property(sizes, sizes, sizes, sizes, fc.boolean(), (w, h, width, height, invert) => {
        const picture = pictureOf(
          image(w, h, (x, y) => [x * 9, y * 7, 90, 255 - x]),
          width,
          height,
          invert,
        );
        expect([picture.width, picture.height, picture.values.length]).toEqual([
          width,
          height,
          width * height,
        ]);
        expect(picture.values.every((v) => v === 1 || v === -1)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('brings a drawing back at twice its size', () => {
    const ring = image(8, 8, (x, y) => (Math.abs(Math.hypot(x - 3.5, y - 3.5) - 3) < 0.8 ? BLACK : WHITE));
    const once = pictureOf(ring, 8, 8);
    const twice = pictureOf(ring, 16, 16);
    for (let y = 0; y < 16; y++) {
      for (let x = 0; x < 16; x++) {
        expect(twice.values[y * 16 + x]).toBe(once.values[(y >> 1) * 8 + (x >> 1)]);
      }
    }
  });
});
