/** Which variant serves, and that it is measured no more often than it must. */
import { afterEach, describe, expect, test } from 'vitest';
import { EngineError, type Engine } from '../../engine';
import { createNetwork } from '../../../network/network';
import type { SolveSettings } from '../../../solve/settings';
import { onGpu } from '../../../testing/every-engine';
import { randomNetwork, randomQuery } from '../../../testing/random-network';
import { VariantChooser, workOf, type VariantChoice, type VariantMemory } from './choose';
import { candidatesFor, usualVariant, VARIANT_NAMES, type VariantName } from './variants';
import type { WebGpuOptions } from '../webgpu-engine';

const network = randomNetwork({
  layers: [40, 70, 10].map((units) => ({ units, activation: { kind: 'sigmoid' } })),
  strength: 1,
  seed: 12,
});

const settings: SolveSettings = {
  schedule: 'even-odd',
  solver: { kind: 'picard', damping: 0 },
  tolerance: 1e-3,
  iterationLimit: 50,
};

function memoryOf(
  entries: Readonly<Record<string, unknown>> = {},
): VariantMemory & { readonly kept: Map<string, unknown> } {
  const kept = new Map<string, unknown>(Object.entries(entries));
  return {
    kept,
    recall: (key) => kept.get(key),
    keep: (key, variant) => kept.set(key, variant),
  };
}

describe('a choice', () => {
  const races: (readonly VariantName[])[] = [];
  const race = (candidates: readonly VariantName[]): Promise<VariantName> => {
    races.push(candidates);
    return Promise.resolve('cooperative');
  };
  afterEach(() => {
    races.length = 0;
  });
  const chooser = (choice: VariantChoice, software: boolean, memory?: VariantMemory): VariantChooser =>
    new VariantChooser(choice, software, 'an adapter', memory);

  test('that is forced needs no race', async () => {
    for (const name of VARIANT_NAMES) {
      expect(await chooser(name, false).choose('work', 64, () => true, race)).toBe(name);
    }
    expect(races).toEqual([]);
  });

  test('of the persistent loop gives way to the rule where a sample does not fit', async () => {
    const forced = chooser('persistent', true);
    expect(await forced.choose('work', 64, () => true, race)).toBe('persistent');
    expect(await forced.choose('work', 64, () => false, race)).toBe('tile-8');
  });

  test('is the rule on software, and where that is asked for', async () => {
    expect(await chooser('auto', true).choose('work', 3, () => true, race)).toBe('single');
    expect(await chooser('auto', true).choose('work', 64, () => true, race)).toBe('tile-8');
    expect(await chooser('rule', false).choose('work', 1, () => true, race)).toBe('cooperative');
    expect(await chooser('rule', false).choose('work', 64, () => true, race)).toBe('tile-32');
    expect(await chooser('rule', false).choose('work', 1024, () => true, race)).toBe('tile-64');
    expect(races).toEqual([]);
  });

  test('is raced for once a kind of work and class of batches, also when asked twice at once', async () => {
    const auto = chooser('auto', false);
    const asked = [64, 64, 100, 127].map((batch) => auto.choose('work', batch, () => true, race));
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 4 }, () => 'cooperative'));
    expect(races).toEqual([candidatesFor(64, true)]);
    await auto.choose('work', 128, () => true, race);
    await auto.choose('other work', 64, () => true, race);
    expect(races).toHaveLength(3);
  });

  test('is remembered from one engine to the next', async () => {
    const memory = memoryOf();
    await chooser('auto', false, memory).choose('work', 64, () => true, race);
    expect(memory.kept.size).toBe(1);
    expect(await chooser('auto', false, memory).choose('work', 65, () => true, race)).toBe('cooperative');
    expect(races).toHaveLength(1);
    await new VariantChooser('auto', false, 'another adapter', memory).choose('work', 64, () => true, race);
    expect(races).toHaveLength(2);
  });

  test.each([42, null, 'no such variant', 'tile-64', { variant: 'single' }])(
    'does not believe a memory that gives back %j',
    async (record) => {
      const memory = { ...memoryOf(), recall: () => record };
      // For one sample a tile of 64 is none of the candidates.
      expect(await chooser('auto', false, memory).choose('work', 1, () => true, race)).toBe('cooperative');
      expect(races).toEqual([candidatesFor(1, true)]);
    },
  );

  test('falls back to the rule when the race cannot be held, and tries again', async () => {
    const auto = chooser('measured', true);
    const fails = (): Promise<VariantName> => Promise.reject(new Error('no room'));
    expect(await auto.choose('work', 64, () => true, fails)).toBe(usualVariant(64, true));
    expect(await auto.choose('work', 64, () => true, race)).toBe('cooperative');
  });
});

test('no tile that would stand more than half empty is a candidate', () => {
  expect(candidatesFor(1, true)).toEqual(['persistent', 'single', 'cooperative']);
  expect(candidatesFor(4, false)).toEqual(['single', 'cooperative', 'tile-8']);
  expect(candidatesFor(16, false)).toEqual(['single', 'cooperative', 'tile-8', 'tile-32']);
  expect(candidatesFor(64, true)).toEqual(VARIANT_NAMES);
});

test('work differs with sizes, activations, dynamics, connections, clamped layers, order and weights, not with numbers', () => {
  const of = (...[what, query, how, weights]: Partial<Parameters<typeof workOf>>): string =>
    workOf(what ?? network, query ?? randomQuery(network, 1, 1), how ?? settings, weights ?? 'float32');
  const other = randomNetwork({ layers: [...network.layers], skips: [[0, 2]], strength: 1, seed: 1 });
  const works = [
    of(),
    of(other),
    of(network, randomQuery(network, 1, 1, [true])),
    of(network, undefined, { ...settings, schedule: 'synchronous' }),
    of(network, undefined, { ...settings, solver: { kind: 'lbfgs', window: 5 } }),
    of(network, undefined, settings, 'float16'),
    of(createNetwork(network.layers, network.connections, 'chn')),
    of(createNetwork(network.layers, network.connections, 'chn'), undefined, {
      ...settings,
      local: 'damped',
    }),
    of(
      createNetwork(
        network.layers.map((layer) => ({ ...layer, activation: { kind: 'identity' } })),
        network.connections,
      ),
    ),
  ];
  expect(new Set(works).size).toBe(works.length);
  expect(of(network, randomQuery(network, 9, 2), { ...settings, tolerance: 0.1 })).toBe(works[0]);
});

describe('on a device', () => {
  let engine: Engine;
  afterEach(() => {
    engine.destroy();
  });
  const start = async (options: WebGpuOptions): Promise<void> => {
    engine = await onGpu('measured', options).create();
  };

  test('a run takes the variant that a race finds among the candidates, and that is kept', async () => {
    const memory = memoryOf();
    await start({ variant: 'measured', memory });
    const loaded = await engine.load(network);
    for (const batch of [1, 40]) {
      const query = randomQuery(network, batch, 3, [true]);
      const run = await loaded.start(query, settings);
      expect(candidatesFor(batch, true)).toContain(run.variant);
      expect([...memory.kept.values()].at(-1)).toBe(run.variant);
      expect((await run.advance(40)).stops.every((stop) => stop?.reason === 'converged')).toBe(true);
      run.destroy();
    }
    expect(memory.kept.size).toBe(2);
    loaded.destroy();
  });

  test('a race whose network is unloaded meanwhile remembers nothing, and starts no run', async () => {
    const memory = memoryOf();
    await start({ variant: 'measured', memory });
    const loaded = await engine.load(network);
    const starting = loaded.start(randomQuery(network, 8, 3, [true]), settings);
    loaded.destroy();
    await expect(starting).rejects.toThrow(EngineError);
    expect(memory.kept.size).toBe(0);
  });

  test('a run takes the variant that is forced', async () => {
    await start({ variant: 'tile-32' });
    const loaded = await engine.load(network);
    const run = await loaded.start(randomQuery(network, 1, 3), settings);
    expect(run.variant).toBe('tile-32');
    run.destroy();
    loaded.destroy();
  });
});
