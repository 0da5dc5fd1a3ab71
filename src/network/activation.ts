/**
 * Activations ρ and their Lagrangians Λ, with ρ = ∂Λ/∂s.
 *
 * Every activation but softmax acts on one unit at a time. Softmax couples the units of a layer, so the
 * functions here take a whole layer: `units` numbers that stand together, from `offset` on.
 */

/** Numbers in either precision that an engine computes in. */
export type Floats = Float32Array | Float64Array;

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

export type ActivationKind = Activation['kind'];

/** Throws a RangeError that names the parameter when one is not finite, or out of its range. */
export function checkActivation(activation: Activation): void {
  const need = (ok: boolean, name: string, value: number, range: string): void => {
    if (!ok) throw new RangeError(`${activation.kind}: ${name} must be ${range}, not ${value}`);
  };
  const positive = (x: number): boolean => Number.isFinite(x) && x > 0;
  switch (activation.kind) {
    case 'tanh':
      return need(positive(activation.gain), 'gain', activation.gain, 'a positive number');
    case 'softmax':
      return need(positive(activation.beta), 'beta', activation.beta, 'a positive number');
    case 'rectified-polynomial': {
      const { degree } = activation;
      return need(Number.isFinite(degree) && degree >= 1, 'degree', degree, 'a number from 1 up');
    }
    case 'identity':
    case 'sigmoid':
    case 'relu':
      return;
  }
}

/** ln(1 + eˣ), without overflow for large x. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** ln cosh x, without overflow for large |x|. */
export function logCosh(x: number): number {
  const a = Math.abs(x);
  return a + Math.log1p(Math.exp(-2 * a)) - Math.LN2;
}

type Elementwise = {
  readonly rho: (s: number) => number;
  readonly slope: (s: number) => number;
  readonly lagrangian: (s: number) => number;
};

/** 1 / cosh² x, without overflow for large |x|. */
function sechSquared(x: number): number {
  const e = Math.exp(-2 * Math.abs(x));
  return (4 * e) / (1 + e) ** 2;
}

/** ρ and Λ of one unit, for every activation that treats its units one by one. */
function elementwise(activation: ElementwiseActivation): Elementwise {
  switch (activation.kind) {
    case 'identity':
      return { rho: (s) => s, slope: () => 1, lagrangian: (s) => 0.5 * s * s };
    case 'sigmoid':
      return {
        rho: (s) => 1 / (1 + Math.exp(2 - 4 * s)),
        slope: (s) => sechSquared(2 * s - 1),
        lagrangian: (s) => 0.25 * softplus(4 * s - 2),
      };
    case 'tanh': {
      const { gain } = activation;
      return {
        rho: (s) => Math.tanh(gain * s),
        slope: (s) => gain * sechSquared(gain * s),
        lagrangian: (s) => logCosh(gain * s) / gain,
      };
    }
    case 'relu':
      return {
        rho: (s) => Math.max(s, 0),
        slope: (s) => (s > 0 ? 1 : 0),
        lagrangian: (s) => 0.5 * Math.max(s, 0) ** 2,
      };
    case 'rectified-polynomial': {
      const { degree } = activation;
      return {
        rho: (s) => Math.max(s, 0) ** degree,
        slope: (s) => (s > 0 ? degree * s ** (degree - 1) : 0),
        lagrangian: (s) => Math.max(s, 0) ** (degree + 1) / (degree + 1),
      };
    }
  }
}

/** ln Σ exp(β sᵢ) over one layer, without overflow. */
function logSumExp(beta: number, s: Floats, offset: number, units: number): number {
  let top = -Infinity;
  for (let i = offset; i < offset + units; i++) top = Math.max(top, s[i] ?? 0);
  let sum = 0;
  for (let i = offset; i < offset + units; i++) sum += Math.exp(beta * ((s[i] ?? 0) - top));
  return beta * top + Math.log(sum);
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
    const logZ = logSumExp(beta, s, offset, units);
    for (let i = offset; i < offset + units; i++) out[i] = Math.exp(beta * (s[i] ?? 0) - logZ);
    return;
  }
  const { rho } = elementwise(activation);
  for (let i = offset; i < offset + units; i++) out[i] = rho(s[i] ?? 0);
}

/** Λ(s) of one layer of one sample: the units `s[offset … offset + units − 1]`. */
export function lagrangian(activation: Activation, s: Floats, offset: number, units: number): number {
  if (activation.kind === 'softmax') {
    return logSumExp(activation.beta, s, offset, units) / activation.beta;
  }
  const { lagrangian: one } = elementwise(activation);
  let sum = 0;
  for (let i = offset; i < offset + units; i++) sum += one(s[i] ?? 0);
  return sum;
}

/** Activations of one unit at a time. */
export type ElementwiseActivation = Exclude<Activation, { kind: 'softmax' }>;

/** ρ′(s) of one unit; 0 at the kink of a rectified activation. */
export function slope(activation: ElementwiseActivation): (s: number) => number {
  return elementwise(activation).slope;
}
