/**
 * Associative memories: a visible layer (the picture) and a layer of memory units, the memories stored in W.
 */
import { activate, type Activation, type Floats } from '../network/activation';
import { createNetwork, type Dynamics, type Layer, type Network } from '../network/network';
import type { Query } from '../network/query';
import { MOST_MEMORIES, overlap, type MemorySet } from '../patterns/picture';
import { orthonormalBasis } from './projection';

export type AssociativeMemory =
  /**
   * Visible tanh, memory units identity, W an orthonormal basis of the memories (pseudo-inverse rule). A
   * memory unit is one direction in the space of the memories, not one memory.
   */
  | ({ readonly kind: 'classical'; readonly gain: number; readonly dynamics?: Dynamics } & Centring)
  /** Visible tanh, memory units rectified polynomial (Krotov & Hopfield 2016). */
  | ({
      readonly kind: 'dense';
      readonly gain: number;
      readonly degree: number;
      readonly dynamics?: Dynamics;
    } & Centring)
  /**
   * Visible identity, memory units softmax; `sharpness` is β times the number of pixels (Ramsauer et al. 2021).
   * Softmax has no slope of one unit by itself, so there is no CHN of it.
   */
  | ({ readonly kind: 'modern'; readonly sharpness: number } & Centring);

type Centring = {
  /**
   * Whether how much ink pictures have, which says little about which one is meant, is taken off what is stored: their mean
   * picture for Classical (affine projection), the share of ink of each for Dense and Modern (covariance rule: Amit, Gutfreund
   * & Sompolinsky 1987; Tsodyks & Feigelman 1988). False where it is absent.
   */
  readonly centred?: boolean;
};

export type AssociativeKind = AssociativeMemory['kind'];

/** The dynamics of a memory: a HAM where it does not say. */
export function dynamicsOf(memory: AssociativeMemory): Dynamics {
  return memory.kind === 'modern' ? 'ham' : (memory.dynamics ?? 'ham');
}

/** Whether two memories are the same: a HAM is one whether or not it says so, and so is one that is not centred. */
export function sameMemory(a: AssociativeMemory, b: AssociativeMemory): boolean {
  const words = (memory: AssociativeMemory): string =>
    JSON.stringify(
      Object.entries({ ...memory, dynamics: dynamicsOf(memory), centred: memory.centred ?? false }).sort(),
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
 * - Modern: W = X, and β = sharpness / pixels.
 *
 * Centred, Classical has the basis of the differences from the mean picture m, the pixels the bias m and the memory units
 * −Wᵀm: it projects onto the affine hull of the memories, m + WWᵀ(s − m). Dense and Modern store each picture less the mean of
 * its own pixels, so that an even layer of ink or paper tells their memory units nothing. Dense scales each by its own a with
 * a(a‖ξ‖²)^degree = 1; in Modern the pixels have the mean of all pictures as their bias, which gives the level back.
 * Where there is nothing left to tell pictures by (a single one, or one that is all ink) they are stored as they are.
 *
 * @throws RangeError on no pictures or over 1,000, pictures of different sizes, or a value other than −1 and +1.
 * @throws NetworkError on a parameter out of its range.
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
      const mean = memory.centred ? meanPicture(pictures) : null;
      const { weights, rank } = yield* orthonormalBasis(pictures, mean);
      const biases = mean && { visible: Float32Array.from(mean), memory: offsets(mean, weights, rank) };
      return twoLayers(memory, pixels, rank, weights, biases);
    }
    case 'dense': {
      const power = -memory.degree / (memory.degree + 1);
      const levels = memory.centred ? levelsOf(pictures) : null;
      const weights = yield* columns(pictures, levels, (square) => square ** power);
      return twoLayers(memory, pixels, pictures.length, weights);
    }
    case 'modern': {
      const levels = memory.centred ? levelsOf(pictures) : null;
      const weights = yield* columns(pictures, null, () => 1);
      const level = levels && levels.reduce((sum, each) => sum + each, 0) / levels.length;
      const biases =
        level === null
          ? null
          : { memory: offsets(new Float64Array(pixels).fill(level), weights, pictures.length) };
      return twoLayers(memory, pixels, pictures.length, weights, biases);
    }
  }
}

/** The mean of pictures, [pixels]; null where none differs from it. */
function meanPicture(pictures: readonly Float32Array[]): Float64Array | null {
  const mean = new Float64Array(pictures[0]?.length ?? 0);
  for (const picture of pictures)
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] ?? 0) + (picture[i] ?? 0) / pictures.length;
  return pictures.some((picture) => picture.some((value, i) => value !== pictures[0]?.[i])) ? mean : null;
}

/** The mean of the pixels of each picture; null where one is all ink or all paper. */
function levelsOf(pictures: readonly Float32Array[]): readonly number[] | null {
  const levels = pictures.map((picture) => picture.reduce((sum, value) => sum + value, 0) / picture.length);
  return levels.every((level) => Math.abs(level) < 1) ? levels : null;
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

/**
 * The network of `pixels` visible units and `units` memory units with weights W, [pixels, units].
 * @param biases [pixels] and [units], zero where they are absent
 * @throws NetworkError on a parameter out of its range.
 */
export function twoLayers(
  memory: AssociativeMemory,
  pixels: number,
  units: number,
  weights: Float32Array,
  biases: { readonly visible?: Float32Array; readonly memory?: Float32Array } | null = null,
): Network {
  const [visible, hidden] = activations(memory, pixels);
  const layers: readonly Layer[] = [
    {
      name: 'visible',
      units: pixels,
      activation: visible,
      ...(biases?.visible && { bias: biases.visible }),
    },
    { name: 'memory', units, activation: hidden, ...(biases?.memory && { bias: biases.memory }) },
  ];
  return createNetwork(layers, [{ from: VISIBLE, to: MEMORY, weights }], dynamicsOf(memory));
}

/** −Wᵀ mean, [units]. */
function offsets(mean: Float64Array, weights: Float32Array, units: number): Float32Array {
  const sums = new Float64Array(units);
  for (let i = 0; i < mean.length; i++)
    for (let k = 0; k < units; k++) sums[k] = (sums[k] ?? 0) - (mean[i] ?? 0) * (weights[i * units + k] ?? 0);
  return Float32Array.from(sums);
}

/**
 * The pictures side by side, [pixels, memories], each less its level and times a scale that is told its squared length
 * then.
 */
function* columns(
  pictures: readonly Float32Array[],
  levels: readonly number[] | null,
  scaleOf: (square: number) => number,
): Generator<number, Float32Array> {
  const count = pictures.length;
  const weights = new Float32Array(count * (pictures[0]?.length ?? 0));
  for (const [k, picture] of pictures.entries()) {
    const level = levels?.[k] ?? 0;
    const scale = scaleOf(picture.length * (1 - level * level));
    for (let i = 0; i < picture.length; i++) weights[i * count + k] = scale * ((picture[i] ?? 0) - level);
    if (k % COPIED_AT_ONCE === COPIED_AT_ONCE - 1) yield (k + 1) / count;
  }
  return weights;
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

export type Recalled = {
  /** The memory with the largest overlap; the first of those that share it. */
  readonly memory: string;
  readonly overlap: number;
  /** With every memory, in the order of the set. */
  readonly overlaps: Float64Array;
};

/**
 * Which memory a visible layer shows: `output` is its ρ(s), [pixels].
 * @throws RangeError on an empty set, or an output of another size.
 */
export function recalled(set: MemorySet, output: ArrayLike<number>): Recalled {
  if (output.length !== set.width * set.height) {
    throw new RangeError(
      `the output has ${output.length} units; the set "${set.name}" is ${set.width} × ${set.height}`,
    );
  }
  const overlaps = Float64Array.from(set.memories, ({ picture }) => overlap(picture.values, output));
  const best = overlaps.indexOf(Math.max(...overlaps));
  const nearest = set.memories[best];
  if (!nearest) throw new RangeError(`the set "${set.name}" has no memory to recall`);
  return { memory: nearest.name, overlap: overlaps[best] ?? 0, overlaps };
}
