/** One batch run in several pieces: where a device cannot hold it in one, or several threads share it out. */
import type { Floats } from '../numbers/floats';
import type { Network } from '../network/network';
import type { Query } from '../network/query';
import type { Advance, Run } from './engine';

type Piece = { readonly first: number; readonly batch: number; readonly run: Run };

export class SplitRun implements Run {
  private constructor(
    private readonly network: Network,
    private readonly pieces: readonly Piece[],
    /** Whether they compute at the same time. */
    private readonly together: boolean,
  ) {}

  /** Starts pieces of at most `most` samples, each by `start`, one after the other. */
  static async start(
    network: Network,
    query: Query,
    most: number,
    start: (piece: Query) => Promise<Run>,
  ): Promise<SplitRun> {
    const pieces: Piece[] = [];
    try {
      for (const { first, batch } of portions(query, most)) {
        pieces.push({ first, batch, run: await start(slice(network, query, first, batch)) });
      }
    } catch (error) {
      for (const { run } of pieces) run.destroy();
      throw error;
    }
    return new SplitRun(network, pieces, false);
  }

  /** The same, all at once. */
  static async startTogether(
    network: Network,
    query: Query,
    most: number,
    start: (piece: Query, index: number) => Promise<Run>,
  ): Promise<SplitRun> {
    const wanted = portions(query, most);
    const outcomes = await Promise.allSettled(
      wanted.map(({ first, batch }, i) => start(slice(network, query, first, batch), i)),
    );
    const pieces = outcomes.flatMap((outcome, i): Piece[] => {
      const portion = wanted[i];
      return outcome.status === 'fulfilled' && portion ? [{ ...portion, run: outcome.value }] : [];
    });
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) {
      for (const { run } of pieces) run.destroy();
      throw failed.reason;
    }
    return new SplitRun(network, pieces, true);
  }

  /** That of the first piece: the last may be smaller, and take another. */
  get variant(): string | null {
    return this.pieces[0]?.run.variant ?? null;
  }

  async advance(states: number): Promise<Advance> {
    const parts = await Promise.all(this.pieces.map(({ run }) => run.advance(states)));
    const batch = this.pieces.reduce((sum, piece) => sum + piece.batch, 0);
    const count = Math.max(...parts.map((part) => part.count));
    const join = (pick: (part: Advance) => Float64Array): Float64Array => {
      const all = new Float64Array(count * batch).fill(NaN);
      for (const [p, { first, batch: width }] of this.pieces.entries()) {
        const part = parts[p];
        for (let row = 0; part && row < part.count; row++) {
          all.set(pick(part).subarray(row * width, (row + 1) * width), row * batch + first);
        }
      }
      return all;
    };
    const times = parts.map((part) => part.milliseconds);
    return {
      first: Math.max(...parts.map((part) => part.first)),
      count,
      energy: join((part) => part.energy),
      mapResidual: join((part) => part.mapResidual),
      stepResidual: join((part) => part.stepResidual),
      residualNorm: join((part) => part.residualNorm),
      milliseconds: this.together ? Math.max(...times) : times.reduce((sum, time) => sum + time, 0),
      stops: parts.flatMap((part) => part.stops),
    };
  }

  states(): Promise<readonly Floats[]> {
    return this.gather((run) => run.states());
  }

  outputs(): Promise<readonly Floats[]> {
    return this.gather((run) => run.outputs());
  }

  destroy(): void {
    for (const { run } of this.pieces) run.destroy();
  }

  private async gather(pick: (run: Run) => Promise<readonly Floats[]>): Promise<readonly Floats[]> {
    const parts = await Promise.all(this.pieces.map(({ run }) => pick(run)));
    return this.network.layers.map(({ units }, l) => {
      const last = this.pieces.at(-1) ?? { first: 0, batch: 0 };
      const all = new Float32Array((last.first + last.batch) * units);
      for (const [p, { first }] of this.pieces.entries()) all.set(parts[p]?.[l] ?? [], first * units);
      return all;
    });
  }
}

/** Which samples go together. */
function portions(
  { batch }: Query,
  most: number,
): readonly { readonly first: number; readonly batch: number }[] {
  return Array.from({ length: Math.ceil(batch / most) }, (_, i) => ({
    first: i * most,
    batch: Math.min(most, batch - i * most),
  }));
}

/** Some of the samples of a query, from `first` on. */
export function slice(
  network: Network,
  { start, clamped, begins }: Query,
  first: number,
  batch: number,
): Query {
  const rows = <T extends Floats | Uint8Array>(values: T, l: number): T => {
    const units = network.layers[l]?.units ?? 0;
    return values.slice(first * units, (first + batch) * units) as T;
  };
  return {
    batch,
    start: start.map(rows),
    clamped: clamped.map((mask, l) => (typeof mask === 'boolean' ? mask : rows(mask, l))),
    ...(begins ? { begins } : {}),
  };
}
