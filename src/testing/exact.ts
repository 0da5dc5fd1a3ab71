/**
 * Activations to some 200 digits, from their definitions and the Taylor series of exp, on whole numbers: an oracle for float64 and
 * float32. For tests only.
 */
import type { ElementwiseActivation } from '../network/activation';

/** A real number x as x · 2^BITS, rounded. */
export type Exact = bigint;

/** Enough for a number as small as 1e-180 to have over 200 digits. */
const BITS = 1400n;
const ONE = 1n << BITS;

/** A float64, exactly, but for what is below 2^−1400. */
export function exact(x: number): Exact {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, x);
  const bits = bytes.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & ((1n << 52n) - 1n);
  const mantissa = exponent === 0n ? fraction : fraction | (1n << 52n);
  const shift = (exponent === 0n ? 1n : exponent) - 1075n + BITS;
  const size = shift >= 0n ? mantissa << shift : mantissa >> -shift;
  return bits >> 63n ? -size : size;
}

/** The nearest float64, to a bit or two of its last. */
export function nearest(x: Exact): number {
  const negative = x < 0n;
  const size = negative ? -x : x;
  const surplus = BigInt(size.toString(2).length) - 64n;
  const mantissa = Number(surplus > 0n ? size >> surplus : size << -surplus);
  const power = Number(surplus - BITS);
  // In two halves, as 2^power alone may leave the range.
  const half = Math.trunc(power / 2);
  return (negative ? -mantissa : mantissa) * 2 ** half * 2 ** (power - half);
}

export const times = (a: Exact, b: Exact): Exact => (a * b) >> BITS;
export const over = (a: Exact, b: Exact): Exact => (a << BITS) / b;

/** eˣ for x ≤ 0, or any x of moderate size. */
export function exp(x: Exact): Exact {
  // Below e^−1000 it is nothing here.
  if (x < -1000n * ONE) return 0n;
  const halvings = 20n;
  const reduced = x >> halvings;
  let term = ONE;
  let sum = ONE;
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    term = times(term, reduced) / k;
    sum += term;
  }
  for (let i = 0n; i < halvings; i++) sum = times(sum, sum);
  return sum;
}

/** ln x for x ≥ 1, by Halley's steps y ← y + 2 (x − e^y) / (x + e^y). */
export function ln(x: Exact): Exact {
  let y = exact(Math.log(nearest(x)));
  for (let i = 0; i < 5; i++) {
    const e = exp(y);
    y += over(2n * (x - e), x + e);
  }
  return y;
}

const abs = (x: Exact): Exact => (x < 0n ? -x : x);

export type ExactActivation = {
  readonly rho: Exact;
  readonly slope: Exact;
  readonly lagrangian: Exact;
  /** s·ρ − Λ */
  readonly conjugate: Exact;
};

/** ρ, ρ′, Λ and s·ρ − Λ of one unit; whole degrees only. */
export function exactActivation(activation: ElementwiseActivation, state: number): ExactActivation {
  const s = exact(state);
  const withConjugate = (rho: Exact, slope: Exact, lagrangian: Exact): ExactActivation => ({
    rho,
    slope,
    lagrangian,
    conjugate: times(s, rho) - lagrangian,
  });
  const positive = s > 0n ? s : 0n;
  switch (activation.kind) {
    case 'identity':
      return withConjugate(s, ONE, times(s, s) / 2n);
    case 'relu':
      return withConjugate(positive, s > 0n ? ONE : 0n, times(positive, positive) / 2n);
    case 'sigmoid': {
      const z = 4n * s - 2n * ONE;
      const e = exp(-abs(z));
      const rho = over(z < 0n ? e : ONE, ONE + e);
      const slope = 4n * over(e, times(ONE + e, ONE + e));
      return withConjugate(rho, slope, ((z > 0n ? z : 0n) + ln(ONE + e)) / 4n);
    }
    case 'tanh': {
      const gain = exact(activation.gain);
      const x = times(gain, s);
      const e = exp(-2n * abs(x));
      const size = over(ONE - e, ONE + e);
      const slope = times(gain, 4n * over(e, times(ONE + e, ONE + e)));
      const logCosh = abs(x) + ln(ONE + e) - ln(2n * ONE);
      return withConjugate(s < 0n ? -size : size, slope, over(logCosh, gain));
    }
    case 'rectified-polynomial': {
      const degree = BigInt(activation.degree);
      const power = (n: bigint): Exact => {
        let product = ONE;
        for (let i = 0n; i < n; i++) product = times(product, positive);
        return product;
      };
      return withConjugate(
        power(degree),
        s > 0n ? degree * power(degree - 1n) : 0n,
        power(degree + 1n) / (degree + 1n),
      );
    }
  }
}
