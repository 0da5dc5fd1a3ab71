/** The parameters of associative memories: good first values, and the range that a form offers. */
import type { AssociativeKind, AssociativeMemory } from './associative';

export type Parameter = {
  readonly initial: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
};

type Of<K extends AssociativeKind> = Omit<Extract<AssociativeMemory, { kind: K }>, 'kind' | 'centred'>;

/**
 * With the initial values every memory of the built-in sets comes back from 20 % flipped pixels.
 *
 * Classical: at a memory the visible output is ±c with c = tanh(gain · c), and ρ′ = gain · (1 − c²) is what
 * is left of an error after an even-odd iteration. A gain of 1.5 leaves 0.39, so the way down takes some ten
 * even-odd iterations, or twenty synchronous ones: long enough to be seen.
 *
 * Dense: the memory units of a cue with overlap m answer m^degree, so the letters, which overlap by up to
 * 0.83, need a high degree to be told apart, and a weak answer needs a high gain to be taken up, over the bias of
 * 3 / gain towards the mean memory too.
 *
 * Modern: between two memories whose overlaps with the state differ by δ, softmax decides by exp(sharpness · δ).
 */
export const parameters: { readonly [K in AssociativeKind]: { readonly [P in keyof Of<K>]: Parameter } } = {
  classical: { gain: { initial: 1.5, min: 0.5, max: 10, step: 0.1 } },
  dense: {
    gain: { initial: 256, min: 1, max: 1024, step: 1 },
    degree: { initial: 6, min: 1, max: 12, step: 1 },
  },
  modern: { sharpness: { initial: 32, min: 1, max: 256, step: 1 } },
};

/**
 * The memory of this kind with its initial parameters.
 * @public
 */
export function defaultMemory(kind: AssociativeKind): AssociativeMemory {
  switch (kind) {
    case 'classical':
      return { kind, gain: parameters.classical.gain.initial };
    case 'dense':
      return {
        kind,
        gain: parameters.dense.gain.initial,
        degree: parameters.dense.degree.initial,
        centred: true,
      };
    case 'modern':
      return { kind, sharpness: parameters.modern.sharpness.initial };
  }
}
