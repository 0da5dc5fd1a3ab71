/** Where a step of our own training spends its time, seen from outside: the interfaces that a trainer computes by, with a clock. */
import { pairsOf, type Products } from '../../src/engine/products';
import type { TrainableNetwork, TrainingEngine } from '../../src/engine/trainable';
import type { MultiplyAdds, Phases } from './record';

type Phase = keyof Phases;

const PHASES = ['forward', 'adjoint', 'gradient', 'optimiser'] as const satisfies readonly Phase[];

/** All time belongs to one phase or another. */
export class PhaseClock {
  private phase: Phase = 'rest';
  private since = performance.now();
  private readonly spent = new Map<Phase, number>();
  private counted = { adjoint: 0, gradient: 0 };
  private foreground = 0;

  /** What was until now does not count. */
  restart(): void {
    this.spent.clear();
    this.counted = { adjoint: 0, gradient: 0 };
    this.foreground = 0;
    this.since = performance.now();
  }

  /** From now on time is spent on this. */
  enter(phase: Phase): void {
    const now = performance.now();
    this.spent.set(this.phase, (this.spent.get(this.phase) ?? 0) + now - this.since);
    this.since = now;
    this.phase = phase;
  }

  count(phase: 'adjoint' | 'gradient', multiplyAdds: number): void {
    this.counted[phase] += multiplyAdds;
  }

  /** Inputs that are not 0: products with the others are left out. */
  sawInput(foreground: number): void {
    this.foreground += foreground;
  }

  /** Milliseconds of each of so many steps, which took so many milliseconds each. */
  phases(steps: number, milliseconds: number): Phases {
    const [forward = 0, adjoint = 0, gradient = 0, optimiser = 0] = PHASES.map(
      (phase) => (this.spent.get(phase) ?? 0) / steps,
    );
    // What is done before and after the steps is none of it.
    const rest = Math.max(0, milliseconds - forward - adjoint - gradient - optimiser);
    return { forward, adjoint, gradient, optimiser, rest };
  }

  /**
   * Millions of them in each of so many steps of even-odd.
   * @param iterations to equilibrium, a mean; one more move of the odd layers tells the last residual
   */
  multiplyAdds(units: readonly number[], batch: number, iterations: number, steps: number): MultiplyAdds {
    const [, first = 0] = units;
    const inner = units.slice(2).reduce((sum, m, l) => sum + m * (units[l + 1] ?? 0), 0);
    const input = (this.foreground / steps) * first;
    const forward = input + batch * inner * (2 * iterations + 1);
    const [adjoint, gradient] = [this.counted.adjoint / steps, this.counted.gradient / steps + input];
    return { forward: forward / 1e6, adjoint: adjoint / 1e6, gradient: gradient / 1e6 };
  }
}

/** An object with some of its members replaced; the others are its own. */
function replaced<T extends object>(target: T, members: Partial<T>): T {
  return new Proxy(target, {
    get: (_, name) => {
      if (name in members) return Reflect.get(members, name);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** The engine, of whose trainable networks the clock knows what they do. */
export const clocked = (engine: TrainingEngine, clock: PhaseClock): TrainingEngine =>
  replaced(engine, { trainable: async (network) => clockedNetwork(await engine.trainable(network), clock) });

function clockedNetwork(trainable: TrainableNetwork, clock: PhaseClock): TrainableNetwork {
  const { loaded } = trainable;
  const start: typeof loaded.start = async (query, settings) => {
    clock.enter('forward');
    const run = await loaded.start(query, settings);
    const destroy = (): void => {
      run.destroy();
      clock.enter('rest');
    };
    return replaced(run, { destroy });
  };
  return replaced(trainable, {
    loaded: replaced(loaded, { start }),
    clearGradients() {
      clock.enter('gradient');
      trainable.clearGradients();
      clock.enter('rest');
    },
    products(batch) {
      clock.enter('adjoint');
      return clockedProducts(trainable.products(batch), loaded.network, clock);
    },
    changed() {
      trainable.changed();
      clock.enter('rest');
    },
  });
}

/** From when they are asked for until they are released it is the adjoint that is found, but for what adds to a gradient. */
function clockedProducts(
  products: Products,
  { layers, connections }: TrainableNetwork['loaded']['network'],
  clock: PhaseClock,
): Products {
  const { batch } = products;
  const weightsOf = (connection: number): number => {
    const { from, to } = connections[connection] ?? { from: 0, to: 0 };
    return (layers[from]?.units ?? 0) * (layers[to]?.units ?? 0);
  };
  const gradient = (work: () => void): void => {
    clock.enter('gradient');
    work();
    clock.enter('adjoint');
  };
  return replaced(products, {
    setInput(input) {
      clock.enter('rest');
      let foreground = 0;
      for (let i = 0; i < input.length; i++) if (input[i] !== 0) foreground++;
      clock.sawInput(foreground);
      gradient(() => products.setInput(input));
    },
    multiply(connection, direction, x, out, samples) {
      products.multiply(connection, direction, x, out, samples);
      clock.count('adjoint', weightsOf(connection) * (samples?.length ?? batch));
    },
    congruence(connection, d) {
      const found = products.congruence(connection, d);
      const pairs = pairsOf(layers[connections[connection]?.to ?? 0]?.units ?? 0);
      clock.count('adjoint', (layers[connections[connection]?.from ?? 0]?.units ?? 0) * pairs * batch);
      return found;
    },
    addOuter(connection, a, b) {
      gradient(() => products.addOuter(connection, a, b));
      if (a) clock.count('gradient', weightsOf(connection) * batch);
    },
    addBias: (layer, x) => gradient(() => products.addBias(layer, x)),
    release() {
      products.release();
      // The step follows at once.
      clock.enter('optimiser');
    },
  });
}
