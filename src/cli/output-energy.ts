/** The energy of a batch's map outputs, where a solver looks back and so the engine follows other states. */
import type { Floats } from '../numbers/floats';
import { driveFrom } from '../network/drive';
import { ownEnergy } from '../network/dynamics';
import { activity, energy } from '../network/energy';
import { createNetwork, type Network } from '../network/network';

/**
 * E of every layer's state, [batch], in float64 (see `network/energy.ts`). Layer 0 is clamped, so what it takes part
 * in is worked out once: its own energy, and the drive that it gives to the others.
 * @param input [batch, units of layer 0]
 */
export function outputEnergy(
  network: Network,
  input: Floats,
  batch: number,
): (states: readonly Floats[]) => Float64Array {
  const { dynamics, layers, connections } = network;
  const [clamped] = layers;
  const units = clamped?.units ?? 0;
  const own = new Float64Array(batch);
  const drives: (Float64Array | null)[] = layers.map(() => null);
  if (clamped) {
    const rho = activity(clamped.activation, input, units);
    for (let sample = 0; sample < batch; sample++) {
      const at = sample * units;
      let sum = ownEnergy(dynamics, clamped.activation, input, at, units);
      for (let i = 0; i < units; i++) sum -= (clamped.bias?.[i] ?? 0) * (rho[at + i] ?? 0);
      own[sample] = sum;
    }
    for (const { from, to } of connections) {
      if (from === 0 || to === 0) drives[from + to] = driveFrom(network, from + to, [rho], batch);
    }
  }
  const rest = createNetwork(
    layers.slice(1),
    connections
      .filter(({ from, to }) => from > 0 && to > 0)
      .map((connection) => ({ ...connection, from: connection.from - 1, to: connection.to - 1 })),
    dynamics,
  );
  return (states) => {
    const sums = energy(rest, states.slice(1), batch);
    for (const [l, drive] of drives.entries()) {
      const layer = layers[l];
      const state = states[l];
      if (!drive || !layer || !state) continue;
      const rho = activity(layer.activation, state, layer.units);
      for (let i = 0; i < rho.length; i++) {
        const sample = Math.floor(i / layer.units);
        sums[sample] = (sums[sample] ?? 0) - (drive[i] ?? 0) * (rho[i] ?? 0);
      }
    }
    return sums.map((sum, sample) => sum + (own[sample] ?? 0));
  };
}
