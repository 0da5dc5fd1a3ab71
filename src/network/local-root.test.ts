import fc from 'fast-check';
import { expect, test } from 'vitest';
import accel from '../../golden/accel.json';
import { slope, type Activation } from './activation';
import { hasLocalRoot, localRoot, type RootedActivation } from './local-root';

test('inverts ς of the paper’s activation to the prototype’s table', () => {
  const root = localRoot({ kind: 'sigmoid' });
  const { C, s } = accel.varsigma_inverse;
  expect(C.length).toBeGreaterThan(50);
  for (const [i, drive] of C.entries()) {
    const expected = s[i] ?? NaN;
    // float64: both are within a few last bits of the root.
    expect(Math.abs(root(drive) - expected)).toBeLessThanOrEqual(1e-14 * Math.abs(expected));
  }
});

const rooted: fc.Arbitrary<RootedActivation> = fc.oneof(
  fc.constantFrom<RootedActivation>({ kind: 'identity' }, { kind: 'sigmoid' }),
  fc.double({ min: 0.05, max: 50, noNaN: true }).map((gain): RootedActivation => ({ kind: 'tanh', gain })),
);

test('is a root of s = ρ′(s)·C for every drive, however small or large', () => {
  fc.assert(
    fc.property(
      rooted,
      fc.double({ min: -38, max: 38, noNaN: true }),
      fc.boolean(),
      (activation, power, negative) => {
        const drive = (negative ? -1 : 1) * 10 ** power;
        const s = localRoot(activation)(drive);
        // ρ′ itself is off by a few last bits times the slope of its exponent, which |C| ≤ 10³⁸ keeps below 200.
        expect(Math.abs(s - slope(activation)(s) * drive)).toBeLessThan(1e-13 * Math.abs(s));
      },
    ),
    { numRuns: 2000, seed: 4 },
  );
});

test('rises with the drive, and is zero at zero', () => {
  for (const activation of [{ kind: 'sigmoid' }, { kind: 'tanh', gain: 3 }] as const) {
    const root = localRoot(activation);
    expect(root(0)).toBe(0);
    let last = -Infinity;
    for (let drive = -30; drive <= 30; drive += 0.01) {
      expect(root(drive)).toBeGreaterThan(last);
      last = root(drive);
    }
  }
});

test('ς rises wherever a root is offered, and not where it is refused', () => {
  const all: readonly Activation[] = [
    { kind: 'identity' },
    { kind: 'sigmoid' },
    { kind: 'tanh', gain: 2 },
    { kind: 'relu' },
    { kind: 'rectified-polynomial', degree: 3 },
  ];
  for (const activation of all) {
    if (activation.kind === 'softmax') continue;
    const sigma = (s: number): number => s / slope(activation)(s);
    let rises = true;
    for (let s = -4; s < 4; s += 0.001) rises &&= sigma(s + 0.001) > sigma(s);
    expect(hasLocalRoot(activation)).toBe(rises);
  }
});
