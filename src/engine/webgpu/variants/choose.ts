/** Which variant serves a network and batch: the one asked for, the one that was fastest here, or the usual one. */
import type { Network } from '../../../network/network';
import type { Query } from '../../../network/query';
import type { SolveSettings } from '../../../solve/settings';
import type { StoredWeights } from '../weights';
import { batchClass, candidatesFor, isVariantName, usualVariant, type VariantName } from './variants';

/** `measured` times the candidates once for each kind of work, `rule` never; `auto` measures where there is a GPU. */
export type VariantChoice = 'auto' | 'measured' | 'rule' | VariantName;

/** Keeps what was measured from one visit to the next. What it gives back need not be what was put in. */
export type VariantMemory = {
  readonly recall: (key: string) => unknown;
  readonly keep: (key: string, variant: VariantName) => void;
};

/** Raised when kernels change so much that what was measured before means nothing. */
const GENERATION = 1;

/** Times some variants at a piece of work, and returns the fastest. */
export type Race = (candidates: readonly VariantName[]) => Promise<VariantName>;

export class VariantChooser {
  private readonly known = new Map<string, Promise<VariantName>>();

  /**
   * @param adapter what tells this adapter from others, as far as it lets itself be known
   * @param memory absent where nothing is kept longer than the engine
   */
  constructor(
    private readonly choice: VariantChoice,
    private readonly software: boolean,
    private readonly adapter: string,
    private readonly memory?: VariantMemory,
  ) {}

  /**
   * The variant for a batch of this kind of work (see `workOf`). A race is held once a kind and class of batches.
   * @param persists whether one workgroup can do all of a sample's passes; asked where it matters, since it takes a table
   */
  async choose(work: string, batch: number, persists: () => boolean, race: Race): Promise<VariantName> {
    const { choice, software } = this;
    const forced = isVariantName(choice) && (choice !== 'persistent' || persists()) ? choice : null;
    if (forced) return forced;
    const measures = choice === 'measured' || (choice === 'auto' && !software);
    if (!measures) return usualVariant(batch, software);
    const fits = persists();
    const candidates = candidatesFor(batchClass(batch), fits);
    const key = [GENERATION, this.adapter, work, batchClass(batch), fits].join(' ');
    const known = this.known.get(key) ?? this.find(key, candidates, race);
    this.known.set(key, known);
    try {
      return await known;
    } catch {
      // What is wrong shows when the run itself is tried.
      this.known.delete(key);
      return usualVariant(batch, software);
    }
  }

  private async find(key: string, candidates: readonly VariantName[], race: Race): Promise<VariantName> {
    const kept = this.memory?.recall(key);
    const known = candidates.find((name) => name === kept);
    if (known) return known;
    const fastest = await race(candidates);
    this.memory?.keep(key, fastest);
    return fastest;
  }
}

/** All that decides how much work an iteration is, but for the batch: which units drive which, in which order, and the solver. */
export function workOf(
  { layers, connections, dynamics }: Network,
  { clamped }: Query,
  { schedule, solver, local = 'exact' }: SolveSettings,
  weights: StoredWeights,
): string {
  const units = layers.map(
    (layer, l) => `${layer.units}${layer.activation.kind}${clamped[l] === true ? ' clamped' : ''}`,
  );
  const pairs = connections.map(({ from, to }) => `${from}>${to}`);
  const method = 'window' in solver ? `${solver.kind}-${solver.window}` : solver.kind;
  const moves = dynamics === 'ham' ? dynamics : `${dynamics} ${local}`;
  return [units.join('-'), pairs.join(), moves, schedule, method, weights].join(' ');
}
