/**
 * Associative memories: a visible layer (the picture) and a layer of memory units, the memories stored in W.
 */
import { activate, type Activation } from '../network/activation';
import type { Floats } from '../numbers/floats';
import {
  createNetwork,
  type Dynamics,
  type Layer,
  type Network,
  type NetworkShape,
} from '../network/network';
import type { Query } from '../network/query';
import { MOST_MEMORIES, type MemorySet } from '../patterns/picture';
import { orthonormalBasis } from './projection';

export type AssociativeMemory =
  /**
   * Visible tanh, memory units identity, W an orthonormal basis of the memories (pseudo-inverse rule). A
   * memory unit is one direction in the space of the memories, not one memory.
   */
  | { readonly kind: 'classical'; readonly gain: number; readonly dynamics?: Dynamics }
  /** Visible tanh, memory units rectified polynomial (Krotov & Hopfield 2016). */
  | {
      readonly kind: 'dense';
      readonly gain: number;
      readonly degree: number;
      /** Whether pictures are compared by how they differ from the mean memory; not where it is absent. */
      readonly centred?: boolean;
      readonly dynamics?: Dynamics;
    }
  /**
   * Visible identity, memory units softmax; `sharpness` is β times the number of pixels (Ramsauer et al. 2021).
   * Softmax has no slope of one unit by itself, so there is no CHN of it.
   */
  | { readonly kind: 'modern'; readonly sharpness: number };

export type AssociativeKind = AssociativeMemory['kind'];

/** The dynamics of a memory: a HAM where it does not say. */
export function dynamicsOf(memory: AssociativeMemory): Dynamics {
  return memory.kind === 'modern' ? 'ham' : (memory.dynamics ?? 'ham');
}

/** Whether two memories are the same: a HAM is one whether or not it says so, and what is not centred likewise. */
export function sameMemory(a: AssociativeMemory, b: AssociativeMemory): boolean {
  const words = (memory: AssociativeMemory): string =>
    JSON.stringify(
      Object.entries({
        ...memory,
        dynamics: dynamicsOf(memory),
        centred: memory.kind === 'dense' && memory.centred === true,
      }).sort(),
    );
  return words(a) === words(b);
}

/**
 * Where the memory units start: at their best for the cue, at zero (the paper's Appendix E, a lesson), or at given states,
 * [units], where they ended before, say. The visible layer starts at the cue whatever they do, since it is what is asked.
 */
export type MemoryStart = 'best' | 'zero' | Floats;

/** The layers of every network made here, by their place in it. */
export const VISIBLE = 0;
export const MEMORY = 1;

/** How many memories are written into W between two reports of progress. */
const COPIED_AT_ONCE = 32;

/**
 * A network of two layers, `visible` [pixels] and `memory`, that holds the pictures, each [pixels] of ±1.
 *
 * - Classical: W [pixels, rank] with WWᵀ = X(XᵀX)⁻¹Xᵀ. Memories that depend linearly on others (copies,
 *   negatives) add no unit, so `memory` has at most as many units as there are pictures.
 * - Dense: W = aX with a(a·pixels)^degree = 1, so that a memory alone is its own image under one iteration.
 *   Centred, column k is aₖ(ξₖ − ξ̄), ξ̄ being the mean memory, and the memory units have biases −aₖ(ξₖ − ξ̄)·ξ̄, so that a unit
 *   answers to how a picture differs from the mean and not to how much ink there is (Amit, Gutfreund & Sompolinsky 1987,
 *   Tsodyks & Feigelman 1988, for biased patterns). The pixels have a small bias towards ξ̄, which decides where all memories
 *   agree and the columns are zero.
 * - Modern: W = X, and β = sharpness / pixels. Centring it would change nothing: the product with the mean is common to all
 *   units, which softmax does not see, and ±1 pictures are all of one length.
 *
 * @throws RangeError on no pictures or over 1,000, pictures of different sizes, or a value other than −1 and +1.
 * @throws NetworkError on a parameter out of its range.
 * @public
 */
export function storeMemories(memory: AssociativeMemory, pictures: readonly Float32Array[]): Network {
  const steps = storingMemories(memory, pictures);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * `storeMemories` in small steps, for large sets: yields the share done, from 0 to 1, and returns the network.
 * To give it up, stop asking.
 */
export function* storingMemories(
  memory: AssociativeMemory,
  pictures: readonly Float32Array[],
): Generator<number, Network> {
  const pixels = checkPictures(pictures);
  switch (memory.kind) {
    case 'classical': {
      const { weights, rank } = yield* orthonormalBasis(pictures);
      return twoLayers(memory, pixels, rank, weights);
    }
    case 'dense': {
      if (memory.centred) return yield* centredDense(memory, pictures);
      const scale = pixels ** (-memory.degree / (memory.degree + 1));
      return twoLayers(memory, pixels, pictures.length, yield* columns(pictures, scale));
    }
    case 'modern':
      return twoLayers(memory, pixels, pictures.length, yield* columns(pictures, 1));
  }
}

/** The activations of the visible layer and of the memory units. */
function activations(memory: AssociativeMemory, pixels: number): readonly [Activation, Activation] {
  switch (memory.kind) {
    case 'classical':
      return [{ kind: 'tanh', gain: memory.gain }, { kind: 'identity' }];
    case 'dense':
      return [
        { kind: 'tanh', gain: memory.gain },
        { kind: 'rectified-polynomial', degree: memory.degree },
      ];
    case 'modern':
      return [{ kind: 'identity' }, { kind: 'softmax', beta: memory.sharpness / pixels }];
  }
}

/** What of the memory's network does not depend on what is stored: for one pixel, whose number changes softmax' β alone. */
export function shapeOf(memory: AssociativeMemory): NetworkShape {
  const [visible, hidden] = activations(memory, 1);
  return {
    dynamics: dynamicsOf(memory),
    layers: [
      { name: 'visible', activation: visible },
      { name: 'memory', activation: hidden },
    ],
    connections: [{ from: VISIBLE, to: MEMORY }],
  };
}

/**
 * The network of `pixels` visible units and `units` memory units with weights W, [pixels, units].
 * @throws NetworkError on a parameter out of its range.
 */
function twoLayers(
  memory: AssociativeMemory,
  pixels: number,
  units: number,
  weights: Float32Array,
  biases?: { readonly visible: Floats; readonly memory: Floats },
): Network {
  const [visible, hidden] = activations(memory, pixels);
  const layers: readonly Layer[] = [
    { name: 'visible', units: pixels, activation: visible, ...(biases && { bias: biases.visible }) },
    { name: 'memory', units, activation: hidden, ...(biases && { bias: biases.memory }) },
  ];
  return createNetwork(layers, [{ from: VISIBLE, to: MEMORY, weights }], dynamicsOf(memory));
}

/** The pictures side by side, [pixels, memories], times `scale`. */
function* columns(pictures: readonly Float32Array[], scale: number): Generator<number, Float32Array> {
  const count = pictures.length;
  const weights = new Float32Array(count * (pictures[0]?.length ?? 0));
  for (const [k, picture] of pictures.entries()) {
    for (let i = 0; i < picture.length; i++) weights[i * count + k] = scale * (picture[i] ?? 0);
    if (k % COPIED_AT_ONCE === COPIED_AT_ONCE - 1) yield (k + 1) / count;
  }
  return weights;
}

/** The drive, in units of 1 / gain, of a pixel on which all memories agree: tanh 3 = 0.995. */
const AGREED_DRIVE = 3;

/** Dense, centred: see `storeMemories`. A memory that is the mean itself has no unit that answers. */
function* centredDense(
  memory: Extract<AssociativeMemory, { kind: 'dense' }>,
  pictures: readonly Float32Array[],
): Generator<number, Network> {
  const count = pictures.length;
  const pixels = pictures[0]?.length ?? 0;
  const mean = new Float64Array(pixels);
  for (const picture of pictures) {
    for (let i = 0; i < pixels; i++) mean[i] = (mean[i] ?? 0) + (picture[i] ?? 0) / count;
  }
  const weights = new Float32Array(count * pixels);
  const bias = new Float64Array(count);
  for (const [k, picture] of pictures.entries()) {
    let square = 0;
    let along = 0;
    for (let i = 0; i < pixels; i++) {
      const difference = (picture[i] ?? 0) - (mean[i] ?? 0);
      square += difference ** 2;
      along += difference * (mean[i] ?? 0);
    }
    // a(a‖ξ − ξ̄‖²)^degree = 1, so that a memory alone drives the pixels to its difference from the mean.
    const scale = square > 1e-9 ? square ** (-memory.degree / (memory.degree + 1)) : 0;
    for (let i = 0; i < pixels; i++) {
      weights[i * count + k] = scale * ((picture[i] ?? 0) - (mean[i] ?? 0));
    }
    bias[k] = -scale * along;
    if (k % COPIED_AT_ONCE === COPIED_AT_ONCE - 1) yield (k + 1) / count;
  }
  const visible = mean.map((value) => (AGREED_DRIVE / memory.gain) * value);
  return twoLayers(memory, pixels, count, weights, { visible, memory: bias });
}

/** The number of pixels that all pictures share. */
function checkPictures(pictures: readonly Float32Array[]): number {
  const pixels = pictures[0]?.length ?? 0;
  if (pixels === 0) throw new RangeError('there is nothing to store: a network needs at least one memory');
  if (pictures.length > MOST_MEMORIES) {
    throw new RangeError(`a network stores at most ${MOST_MEMORIES} memories, not ${pictures.length}`);
  }
  for (const [k, picture] of pictures.entries()) {
    if (picture.length !== pixels) {
      throw new RangeError(`memory ${k + 1} has ${picture.length} pixels; the first has ${pixels}`);
    }
    const bad = picture.findIndex((value) => value !== 1 && value !== -1);
    if (bad >= 0) {
      throw new RangeError(`memory ${k + 1} holds ${picture[bad]} at pixel ${bad}; a memory is −1 or +1`);
    }
  }
  return pixels;
}

/** What the memory units are called where a unit is one memory, in the order of the units; null elsewhere. */
export function unitNames(memory: AssociativeMemory, set: MemorySet): readonly string[] | null {
  return memory.kind === 'classical' ? null : set.memories.map(({ name }) => name);
}

/**
 * A query of one sample: the visible layer starts at `picture`, [pixels], and the memory units at their drive
 * ρ(picture)·W, computed in float64, at zero or as given. `held`, [pixels], is 1 for each pixel that stays as it is.
 * @throws RangeError on a network of other layers than `storeMemories` makes, or a picture, mask or start of another size.
 */
export function cueQuery(
  network: Network,
  picture: Float32Array,
  memoryStart: MemoryStart,
  held?: Uint8Array,
): Query {
  const visible = network.layers[VISIBLE];
  const memory = network.layers[MEMORY];
  const connection = network.connections[0];
  if (!visible || !memory || !connection || network.layers.length !== 2) {
    throw new RangeError('a cue needs a network of a visible layer and a memory layer');
  }
  for (const [what, { length }] of Object.entries({ picture, ...(held && { mask: held }) })) {
    if (length !== visible.units) {
      throw new RangeError(`the ${what} of the cue has ${length} pixels; the network has ${visible.units}`);
    }
  }
  const units = new Float64Array(memory.units);
  if (typeof memoryStart !== 'string') {
    if (memoryStart.length !== units.length) {
      throw new RangeError(
        `the memory units of the cue start at ${memoryStart.length} numbers; the network has ${units.length}`,
      );
    }
    units.set(memoryStart);
  } else if (memoryStart === 'best') {
    const rho = new Float64Array(visible.units);
    activate(visible.activation, Float64Array.from(picture), rho, 0, visible.units);
    units.set(memory.bias ?? []);
    for (let i = 0; i < rho.length; i++) {
      const value = rho[i] ?? 0;
      const row = i * units.length;
      for (let k = 0; k < units.length; k++) {
        units[k] = (units[k] ?? 0) + value * (connection.weights[row + k] ?? 0);
      }
    }
  }
  return { batch: 1, start: [picture.slice(), units], clamped: [held?.slice() ?? false, false] };
}
