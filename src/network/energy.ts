/** The energy of a network, written as the paper has it; the engines compute the same from products they already have. */
import { activate, type Activation } from './activation';
import type { Floats } from '../numbers/floats';
import { ownEnergy } from './dynamics';
import type { Network } from './network';

/**
 * E = Σ_ℓ [ s_ℓ·ρ(s_ℓ) − Λ_ℓ(s_ℓ) − b_ℓ·ρ(s_ℓ) ] − Σ ρ(s_from) W ρ(s_to)ᵀ, in float64, clamped layers included
 * (Goemaere et al. 2024, Eq. 3) for a HAM; for a CHN each s·ρ − Λ is ½s² (Eq. 1).
 * @param states one array a layer, [batch, units]
 * @returns [batch]
 */
export function energy(network: Network, states: readonly Floats[], batch: number): Float64Array {
  const { dynamics, layers, connections } = network;
  const activities = layers.map((layer, l) =>
    activity(layer.activation, states[l] ?? new Float64Array(), layer.units),
  );
  const result = new Float64Array(batch);
  for (let sample = 0; sample < batch; sample++) {
    let sum = 0;
    for (const [l, { units, activation, bias }] of layers.entries()) {
      const s = states[l] ?? new Float64Array();
      const rho = activities[l] ?? new Float64Array();
      const offset = sample * units;
      for (let i = 0; i < units; i++) sum -= (bias?.[i] ?? 0) * (rho[offset + i] ?? 0);
      sum += ownEnergy(dynamics, activation, s, offset, units);
    }
    for (const { from, to, weights } of connections) {
      const n = layers[from]?.units ?? 0;
      const m = layers[to]?.units ?? 0;
      const a = (activities[from] ?? new Float64Array()).subarray(sample * n, (sample + 1) * n);
      const b = (activities[to] ?? new Float64Array()).subarray(sample * m, (sample + 1) * m);
      sum -= bond(a, weights, b);
    }
    result[sample] = sum;
  }
  return result;
}

/** ρ of a whole layer, [batch, units], in float64. */
export function activity(activation: Activation, s: Floats, units: number): Float64Array {
  const rho = new Float64Array(s.length);
  for (let offset = 0; offset < s.length; offset += units) activate(activation, s, rho, offset, units);
  return rho;
}

/** a W bᵀ, for a [n], W [n, m], b [m]. */
export function bond(a: Floats, weights: Floats, b: Floats): number {
  const m = b.length;
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0;
    if (x === 0) continue;
    let row = 0;
    for (let j = 0; j < m; j++) row += (weights[i * m + j] ?? 0) * (b[j] ?? 0);
    sum += x * row;
  }
  return sum;
}
