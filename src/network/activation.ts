/**
 * Activations ρ and their Lagrangians Λ, with ρ = ∂Λ/∂s.
 *
 * Every activation but softmax acts on one unit at a time. Softmax couples the units of a layer, so the
 * functions here take a whole layer: `units` numbers that stand together, from `offset` on.
 */
import type { Floats } from '../numbers/floats';

/** An activation with its parameters. Every parameter is finite and positive. */
export type Activation =
  | { readonly kind: 'identity' }
  /** ρ(s) = sigmoid(4s − 2), the paper's (Goemaere et al. 2024, Section 5). */
  | { readonly kind: 'sigmoid' }
  /** ρ(s) = tanh(gain · s). */
  | { readonly kind: 'tanh'; readonly gain: number }
  | { readonly kind: 'relu' }
  /** ρ(s) = max(s, 0)^degree, `degree` ≥ 1 (dense associative memory, Krotov & Hopfield 2016). */
  | { readonly kind: 'rectified-polynomial'; readonly degree: number }
  /** ρ(s)ᵢ = exp(βsᵢ) / Σⱼ exp(βsⱼ) over the layer (modern Hopfield network, Ramsauer et al. 2021). */
  | { readonly kind: 'softmax'; readonly beta: number };

/** Which parameter is not finite or out of its range, as a sentence; null where none is. */
export function activationFault(activation: Activation): string | null {
  const fault = (name: string, value: number, least: number, range: string): string | null =>
    Number.isFinite(value) && value >= least && value > 0
      ? null
      : `${activation.kind}: ${name} must be ${range}, not ${value}`;
  switch (activation.kind) {
    case 'tanh':
      return fault('gain', activation.gain, 0, 'a positive number');
    case 'softmax':
      return fault('beta', activation.beta, 0, 'a positive number');
    case 'rectified-polynomial':
      return fault('degree', activation.degree, 1, 'a number from 1 up');
    case 'identity':
    case 'sigmoid':
    case 'relu':
      return null;
  }
}

/** ln(1 + eˣ), without overflow for large x. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** ln cosh x, without cancellation for small |x| and without overflow for large. */
export function logCosh(x: number): number {
  const a = Math.abs(x);
  return a < 1 ? 0.5 * Math.log1p(Math.sinh(a) ** 2) : a + Math.log1p(Math.exp(-2 * a)) - Math.LN2;
}

type Elementwise = {
  readonly rho: (s: number) => number;
  readonly slope: (s: number) => number;
  /** ρ″(s); 0 at the kink of a rectified activation. */
  readonly bend: (s: number) => number;
  readonly lagrangian: (s: number) => number;
  /** s·ρ(s) − Λ(s), without the cancellation of that difference. */
  readonly conjugate: (s: number) => number;
};

/** 1 / cosh² x, without overflow for large |x|. */
function sechSquared(x: number): number {
  const e = Math.exp(-2 * Math.abs(x));
  return (4 * e) / (1 + e) ** 2;
}

/** Below this |x| the series of `tanhConjugate` converges fast, above it its closed form loses few digits. */
const SERIES_BELOW = 0.5;

/** 1 / (2k (2k − 1)) for k = 1, 2, …: enough terms for float64 where |x| < SERIES_BELOW. */
const CONJUGATE_SERIES = Array.from({ length: 22 }, (_, i) => 1 / ((2 * i + 2) * (2 * i + 1)));

/**
 * x·tanh x − ln cosh x. With ρ = tanh x it is ½[(1 + ρ) ln(1 + ρ) + (1 − ρ) ln(1 − ρ)] = Σ ρ²ᵏ / (2k (2k − 1)), whose
 * terms are all positive.
 */
function tanhConjugate(x: number): number {
  const a = Math.abs(x);
  if (a < SERIES_BELOW) {
    const rho = Math.tanh(a);
    return rho * rho * CONJUGATE_SERIES.reduceRight((sum, term) => sum * rho * rho + term, 0);
  }
  const e = Math.exp(-2 * a);
  // Beyond |x| = 400 e is 0, and so is the last term, whatever a is.
  return Math.LN2 - Math.log1p(e) - (e > 0 ? (2 * a * e) / (1 + e) : 0);
}

/**
 * s·ρ − ¼ ln(1 + e^z) of the sigmoid ρ = 1 / (1 + e^−z), z = 4s − 2. It is ½ρ − ¼H, H being the entropy of ρ in nats.
 */
function sigmoidConjugate(s: number): number {
  const z = 4 * s - 2;
  const a = Math.abs(z);
  const e = Math.exp(-a);
  const entropy = Math.log1p(e) + (e > 0 ? (a * e) / (1 + e) : 0);
  return 0.5 * sigmoid(z) - 0.25 * entropy;
}

function sigmoid(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return (z < 0 ? e : 1) / (1 + e);
}

/** ρ and Λ of one unit, for every activation that treats its units one by one. */
function elementwise(activation: ElementwiseActivation): Elementwise {
  switch (activation.kind) {
    case 'identity':
      return {
        rho: (s) => s,
        slope: () => 1,
        bend: () => 0,
        lagrangian: (s) => 0.5 * s * s,
        conjugate: (s) => 0.5 * s * s,
      };
    case 'sigmoid':
      return {
        rho: (s) => sigmoid(4 * s - 2),
        slope: (s) => sechSquared(2 * s - 1),
        bend: (s) => -4 * Math.tanh(2 * s - 1) * sechSquared(2 * s - 1),
        lagrangian: (s) => 0.25 * softplus(4 * s - 2),
        conjugate: sigmoidConjugate,
      };
    case 'tanh': {
      const { gain } = activation;
      return {
        rho: (s) => Math.tanh(gain * s),
        slope: (s) => gain * sechSquared(gain * s),
        bend: (s) => -2 * gain * gain * Math.tanh(gain * s) * sechSquared(gain * s),
        lagrangian: (s) => logCosh(gain * s) / gain,
        conjugate: (s) => tanhConjugate(gain * s) / gain,
      };
    }
    case 'relu':
      return {
        rho: (s) => Math.max(s, 0),
        slope: (s) => (s > 0 ? 1 : 0),
        bend: () => 0,
        lagrangian: (s) => 0.5 * Math.max(s, 0) ** 2,
        conjugate: (s) => 0.5 * Math.max(s, 0) ** 2,
      };
    case 'rectified-polynomial': {
      const { degree } = activation;
      return {
        rho: (s) => Math.max(s, 0) ** degree,
        slope: (s) => (s > 0 ? degree * s ** (degree - 1) : 0),
        bend: (s) => (s > 0 ? degree * (degree - 1) * s ** (degree - 2) : 0),
        lagrangian: (s) => Math.max(s, 0) ** (degree + 1) / (degree + 1),
        conjugate: (s) => (degree / (degree + 1)) * Math.max(s, 0) ** (degree + 1),
      };
    }
  }
}

/** The largest sᵢ of one layer, and ln Σ exp(β (sᵢ − top)). */
function softmaxScale(
  beta: number,
  s: Floats,
  offset: number,
  units: number,
): { readonly top: number; readonly logSum: number } {
  let top = -Infinity;
  let at = offset;
  for (let i = offset; i < offset + units; i++) {
    if ((s[i] ?? 0) <= top) continue;
    top = s[i] ?? 0;
    at = i;
  }
  // Without the largest, whose share is 1: log1p keeps the digits of a sum that is hardly more.
  let others = 0;
  for (let i = offset; i < offset + units; i++) if (i !== at) others += Math.exp(beta * ((s[i] ?? 0) - top));
  return { top, logSum: Math.log1p(others) };
}

/** Writes ρ(s) of one layer of one sample: `out[offset + i] = ρ(s)[i]` for i < units. */
export function activate(
  activation: Activation,
  s: Floats,
  out: Floats,
  offset: number,
  units: number,
): void {
  if (activation.kind === 'softmax') {
    const { beta } = activation;
    const { top, logSum } = softmaxScale(beta, s, offset, units);
    for (let i = offset; i < offset + units; i++) out[i] = Math.exp(beta * ((s[i] ?? 0) - top) - logSum);
    return;
  }
  const { rho } = elementwise(activation);
  for (let i = offset; i < offset + units; i++) out[i] = rho(s[i] ?? 0);
}

/**
 * Λ(s) of one layer of one sample: the units `s[offset … offset + units − 1]`.
 * @public
 */
export function lagrangian(activation: Activation, s: Floats, offset: number, units: number): number {
  if (activation.kind === 'softmax') {
    const { top, logSum } = softmaxScale(activation.beta, s, offset, units);
    return top + logSum / activation.beta;
  }
  const { lagrangian: one } = elementwise(activation);
  let sum = 0;
  for (let i = offset; i < offset + units; i++) sum += one(s[i] ?? 0);
  return sum;
}

/**
 * s·ρ(s) − Λ(s) of one layer of one sample: the convex conjugate Λ*(ρ), a HAM layer's own part of the energy (Goemaere
 * et al. 2024, Eq. 3). The difference is never taken, since both terms may be far larger than it.
 */
export function conjugate(activation: Activation, s: Floats, offset: number, units: number): number {
  let sum = 0;
  if (activation.kind === 'softmax') {
    // Σ ρᵢ (sᵢ − Λ), which is Σ ρᵢ ln ρᵢ / β.
    const { beta } = activation;
    const { top, logSum } = softmaxScale(beta, s, offset, units);
    for (let i = offset; i < offset + units; i++) {
      const log = beta * ((s[i] ?? 0) - top) - logSum;
      const rho = Math.exp(log);
      if (rho > 0) sum += rho * log;
    }
    return sum / beta;
  }
  const { conjugate: one } = elementwise(activation);
  for (let i = offset; i < offset + units; i++) sum += one(s[i] ?? 0);
  return sum;
}

/** Activations of one unit at a time. */
export type ElementwiseActivation = Exclude<Activation, { kind: 'softmax' }>;

/** ρ′(s) of one unit; 0 at the kink of a rectified activation. */
export function slope(activation: ElementwiseActivation): (s: number) => number {
  return elementwise(activation).slope;
}

/** ρ″(s) of one unit; 0 at the kink of a rectified activation. */
export function bend(activation: ElementwiseActivation): (s: number) => number {
  return elementwise(activation).bend;
}
