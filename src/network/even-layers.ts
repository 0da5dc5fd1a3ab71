import { twoColours, type NetworkShape } from './network';

/** The layers that a learned start predicts: those of the first layer's colour but itself. Empty where an odd cycle leaves no colours. */
export function evenLayers(shape: Omit<NetworkShape, 'dynamics'>): readonly number[] {
  const found = twoColours(shape);
  if (!('colours' in found)) return [];
  return [...shape.layers.keys()].filter((l) => l > 0 && found.colours[l] === 0);
}
