/** Unit by unit, on the rows of a layer: what stands between the products of a gradient. */
import type { Layer } from '../network/network';
import type { Floats } from '../numbers/floats';
import type { Products, Rows } from '../engine/products';

/** Calls `each` with the place of every unit of a layer, row after row. */
export function forUnits(
  products: Products,
  layer: number,
  { units }: Layer,
  each: (at: number) => void,
): void {
  const stride = products.stride(layer);
  for (let first = 0; first < products.batch * stride; first += stride)
    for (let at = first; at < first + units; at++) each(at);
}

/** Rows that hold [batch, units]. */
export function rowsOf(products: Products, l: number, { units }: Layer, values: Floats): Rows {
  const rows = products.rows(l);
  const out = rows.values;
  const stride = products.stride(l);
  for (let sample = 0; sample < products.batch; sample++)
    out.set(values.subarray(sample * units, (sample + 1) * units), sample * stride);
  return rows;
}

/** ρ(s) of a layer. */
export function activitiesOf(products: Products, l: number, s: Rows): Rows {
  const rows = products.rows(l);
  products.activities(l, s, rows);
  return rows;
}

/** ρ′(s) of a layer; null for softmax, whose units are coupled. */
export function slopesOf(products: Products, l: number, { activation }: Layer, s: Rows): Rows | null {
  if (activation.kind === 'softmax') return null;
  const rows = products.rows(l);
  products.slopes(l, s, rows);
  return rows;
}

/**
 * x ← J x with J = ∂ρ/∂s, which is symmetric: ρ′ of each unit, or β (diag ρ − ρ ρᵀ) of a softmax layer.
 * @param h ρ(s)
 * @param d ρ′(s); null for softmax
 */
export function throughActivation(
  products: Products,
  l: number,
  { activation, units }: Layer,
  h: Rows,
  d: Rows | null,
  x: Rows,
): void {
  if (d) {
    products.times(x, d);
    return;
  }
  if (activation.kind !== 'softmax') return;
  const out = x.values;
  const rho = h.values;
  const stride = products.stride(l);
  for (let first = 0; first < products.batch * stride; first += stride) {
    let mean = 0;
    for (let i = first; i < first + units; i++) mean += (rho[i] ?? 0) * (out[i] ?? 0);
    for (let i = first; i < first + units; i++)
      out[i] = activation.beta * (rho[i] ?? 0) * ((out[i] ?? 0) - mean);
  }
}
