/** What a layer holds, as a picture: the pixels as they lie, every other layer as a map that is nearly square. Pure. */
import { VISIBLE } from '../../../memory/associative';
import type { Activation } from '../../../network/activation';
import type { Picture } from '../../../patterns/picture';
import { shortNumber } from '../../charts/number-text';
import type { LaneRun } from './stage-state';

/** Activations that may be below zero: zero is half way between paper and ink. */
export const signed = ({ kind }: Activation): boolean => kind === 'identity' || kind === 'tanh';

/** The largest |ρ| of each layer over all states that were kept, so that a map keeps its scale through time. */
export class LayerScales {
  #read: { readonly activities: LaneRun['activities']; states: number; largest: number[] } | undefined;

  of({ activities, network }: LaneRun): readonly number[] {
    if (this.#read?.activities !== activities)
      this.#read = { activities, states: 0, largest: network.layers.map(() => 0) };
    const { largest, states } = this.#read;
    // They come in their order, and none goes.
    for (const layers of [...activities.values()].slice(states)) {
      for (const [l, layer] of layers.entries())
        for (const value of layer)
          if (Number.isFinite(value)) largest[l] = Math.max(largest[l] ?? 0, Math.abs(value));
    }
    this.#read.states = activities.size;
    return largest;
  }
}

/**
 * @param values ρ of the layer, [units]
 * @param largest what ink stands for
 */
export function layerMap(
  layer: number,
  activation: Activation,
  values: Float32Array,
  largest: number,
  { width, height }: Pick<Picture, 'width' | 'height'>,
): Picture {
  if (layer === VISIBLE) return { width, height, values };
  const across = Math.ceil(Math.sqrt(values.length));
  const scale = largest > 0 ? largest : 1;
  return {
    width: across,
    height: Math.ceil(values.length / across),
    values: values.map((value) => (signed(activation) ? value / scale : (2 * value) / scale - 1)),
  };
}

/** What paper and ink stand for. */
export function scaleWords(layer: number, activation: Activation, largest: number): string {
  const most = layer === VISIBLE ? '1' : shortNumber(largest, 2);
  return layer === VISIBLE || signed(activation) ? `ρ from −${most} to ${most}` : `ρ from 0 to ${most}`;
}
