import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createChain, createNetwork, NetworkError, type Layer } from '../network/network';
import { startingPoint } from './starting-point';

const sigmoid = (s: number): number => 1 / (1 + Math.exp(2 - 4 * s));

const layer = (name: string, units: number, bias?: readonly number[]): Layer => ({
  name,
  units,
  activation: { kind: 'sigmoid' },
  ...(bias ? { bias: Float64Array.from(bias) } : {}),
});

const chain = (dynamics: 'ham' | 'chn') =>
  createChain(
    [layer('0', 2, [9, 9]), layer('1', 3, [0.1, -0.2, 0.3]), layer('2', 1)],
    [Float64Array.of(1, -2, 3, 0.5, 0.25, -1), Float64Array.of(2, -1, 0.5)],
    dynamics,
  );

describe('the starting point', () => {
  test('zero leaves all layers but the input at zero', () => {
    const states = startingPoint(chain('ham'), Float32Array.of(1, 2, 3, 4), 2, 'zero');
    expect(states).toEqual([Float64Array.of(1, 2, 3, 4), new Float64Array(6), new Float64Array(2)]);
  });

  test('forward gives each layer of a HAM the drive from below', () => {
    const [input, hidden, output] = startingPoint(chain('ham'), Float64Array.of(0.5, -0.25), 1, 'forward');
    const [a, b] = [sigmoid(0.5), sigmoid(-0.25)];
    const s1 = [a + 0.5 * b + 0.1, -2 * a + 0.25 * b - 0.2, 3 * a - b + 0.3];
    const [x = 0, y = 0, z = 0] = s1.map(sigmoid);
    expect([...input!]).toEqual([0.5, -0.25]);
    // The last bits depend on the order of the sums.
    s1.forEach((s, i) => expect(hidden![i]).toBeCloseTo(s, 14));
    expect(output![0]).toBeCloseTo(2 * x - y + 0.5 * z, 14);
  });

  test('forward gives each unit of a CHN its best state for that drive, s = ρ′(s)·C', () => {
    const input = Float64Array.of(0.5, -0.25);
    const ham = startingPoint(chain('ham'), input, 1, 'forward');
    const chn = startingPoint(chain('chn'), input, 1, 'forward');
    for (let i = 0; i < 3; i++) {
      const s = chn[1]![i]!;
      const rho = sigmoid(s);
      expect(s).toBeCloseTo(4 * rho * (1 - rho) * ham[1]![i]!, 12);
    }
  });

  test('forward finds connections that skip a layer or are drawn from above, whichever way they are drawn', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 16, maxLength: 16 }),
        (numbers) => {
          const weights = Float64Array.from(numbers.slice(0, 6));
          const turned = Float64Array.of(0, 3, 1, 4, 2, 5).map((i) => weights[i]!);
          const skip = Float64Array.from(numbers.slice(6, 10));
          const layers = [layer('0', 2), layer('1', 3), layer('2', 2)];
          const input = Float64Array.from(numbers.slice(10, 16));
          const skipping = { from: 0, to: 2, weights: skip };
          const up = createNetwork(layers, [{ from: 0, to: 1, weights }, skipping]);
          const down = createNetwork(layers, [{ from: 1, to: 0, weights: turned }, skipping]);
          expect(startingPoint(up, input, 3, 'forward')).toEqual(startingPoint(down, input, 3, 'forward'));
        },
      ),
    );
  });

  test('the last equilibrium leaves every layer but the input where it was', () => {
    const last = [Float32Array.of(9, 9), Float32Array.of(1, 2, 3), Float32Array.of(4)];
    expect(startingPoint(chain('ham'), Float32Array.of(0.5, -1), 1, { last })).toEqual([
      Float64Array.of(0.5, -1),
      Float64Array.of(1, 2, 3),
      Float64Array.of(4),
    ]);
    expect(() => startingPoint(chain('ham'), new Float32Array(4), 2, { last })).toThrow(
      new NetworkError('the last equilibrium of layer 1 has 3 numbers; [2, 3] needs 6'),
    );
  });

  test('an input that does not fit is refused', () => {
    expect(() => startingPoint(chain('ham'), new Float32Array(5), 2, 'zero')).toThrow(
      new NetworkError('the input has 5 numbers; [2, 2] needs 4'),
    );
  });
});
