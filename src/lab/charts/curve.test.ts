import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Curve, MOST_POINTS } from './curve';

const xs = (curve: Curve): number[] => curve.points.map(({ x }) => x);

describe('Curve', () => {
  it('keeps every entry of a short source, and leaves out what is not finite', () => {
    const curve = new Curve([NaN, -3, 5, Infinity, -4]);
    curve.update();
    expect(curve.points).toEqual([
      { x: 1, y: -3 },
      { x: 2, y: 5 },
      { x: 4, y: -4 },
    ]);
    expect(curve).toMatchObject({ read: 5, count: 3, lowest: -4, highest: 5 });
  });

  it('raises what is below the floor to it', () => {
    const curve = new Curve([1, 1e-12, 0], 1e-10);
    curve.update();
    expect(curve.points.map(({ y }) => y)).toEqual([1, 1e-10, 1e-10]);
    expect(curve.lowest).toBe(1e-10);
  });

  it('says whether there was anything to read', () => {
    const source = [1];
    const curve = new Curve(source);
    expect(curve.update()).toBe(true);
    expect(curve.update()).toBe(false);
    source.push(2);
    expect(curve.update()).toBe(true);
    expect(xs(curve)).toEqual([0, 1]);
  });

  it('reads each entry once, however often it is updated', () => {
    const reads = new Map<string | symbol, number>();
    const numbers = Array.from({ length: 9000 }, (_, t) => Math.sin(t));
    const source = new Proxy<number[]>([], {
      get(target, key, receiver) {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads.set(key, (reads.get(key) ?? 0) + 1);
        return Reflect.get(target, key, receiver) as unknown;
      },
    });
    const curve = new Curve(source);
    for (let t = 0; t < numbers.length; t += 90) {
      source.push(...numbers.slice(t, t + 90));
      curve.update();
    }
    expect(reads.size).toBe(9000);
    expect(Math.max(...reads.values())).toBe(1);
  });

  it('stays within its points, in order, with the first, the last and both extremes, however it grows', () => {
    const parts = fc.array(
      fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 60 }),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(parts, fc.integer({ min: 8, max: 40 }), (pieces, most) => {
        const source: number[] = [];
        const curve = new Curve(source, -Infinity, most);
        for (const piece of pieces) {
          source.push(...piece);
          curve.update();
        }
        const at = xs(curve);
        expect(at.length).toBeLessThanOrEqual(most);
        expect(at).toEqual([...new Set(at)].sort((a, b) => a - b));
        expect([at[0], at.at(-1)]).toEqual([0, source.length - 1]);
        for (const { x, y } of curve.points) expect(y).toBe(source[x]);
        const drawn = curve.points.map(({ y }) => y);
        expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([Math.min(...source), Math.max(...source)]);
      }),
    );
  });

  it('keeps one peak among 100,000 iterations', () => {
    const source = Array.from({ length: 100_000 }, (_, t) => (t === 77_777 ? 9 : 1 / (t + 1)));
    const curve = new Curve(source);
    curve.update();
    expect(curve.points.length).toBeLessThanOrEqual(MOST_POINTS);
    expect(curve.points).toContainEqual({ x: 77_777, y: 9 });
  });
});
