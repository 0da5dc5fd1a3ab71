/** From the states of a run's layers to what the retrieval view draws. */
import { activate } from '../../network/activation';
import type { Floats } from '../../numbers/floats';
import type { Network } from '../../network/network';
import { overlap, type MemorySet } from '../../patterns/picture';
import { unitNames, type AssociativeMemory } from '../../memory/associative';
import { verdictOf } from '../../memory/verdict';
import type { StateView } from '../store';

export type ViewSource = {
  readonly set: MemorySet;
  readonly memory: AssociativeMemory;
  readonly network: Network;
};

/** Overlaps may take this many milliseconds of a frame; a costlier set gets fresh ones at the end of a run only. */
const AFFORDABLE = 12;

/** Makes the views of one run. States are those of one sample: one array a layer, [units]. */
export class ViewMaker {
  readonly #source: ViewSource;
  readonly #names: readonly string[];
  readonly #unitNames: StateView['unitNames'];
  #overlaps: Float32Array;
  #cost = 0;

  constructor(source: ViewSource) {
    this.#source = source;
    const { memories } = source.set;
    this.#names = memories.map(({ name }) => name);
    this.#unitNames = unitNames(source.memory, source.set) ?? [];
    this.#overlaps = new Float32Array(memories.length);
  }

  /** The view of one iteration. `last` asks for exact overlaps, whatever they cost. */
  view(states: readonly Floats[], iteration: number, last: boolean): StateView {
    const { set, network } = this.#source;
    const [visible = new Float32Array(), units = new Float32Array()] = network.layers.map((layer, l) => {
      const s = states[l] ?? new Float32Array(layer.units);
      const out = new Float32Array(layer.units);
      activate(layer.activation, s, out, 0, layer.units);
      return out;
    });
    if (last || this.#cost < AFFORDABLE) {
      const before = performance.now();
      this.#overlaps = Float32Array.from(set.memories, ({ picture }) => overlap(visible, picture.values));
      this.#cost = performance.now() - before;
    }
    return {
      iteration,
      picture: { width: set.width, height: set.height, values: visible },
      units,
      unitNames: this.#unitNames,
      overlaps: this.#overlaps,
      names: this.#names,
      // A saturated activity hides a state that has left the range.
      verdict: states.every((layer) => layer.every(Number.isFinite))
        ? verdictOf(this.#names, this.#overlaps, visible)
        : { kind: 'not-finite' },
    };
  }
}
