import { describe, expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../codecs/safetensors';
import { createChain } from '../network/network';
import { readModel, writeModel } from './model';

describe('what has been learned of the equilibria', () => {
  const layers = [3, 5, 4, 2, 1].map((units, l) => ({
    name: String(l),
    units,
    activation: { kind: 'sigmoid' } as const,
  }));
  const filled = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => (i % 7) / 4 - 0.5);
  const bare = createChain(layers, [filled(15), filled(20), filled(8), filled(2)]);
  // Even units are the 4 of layer 2 and the one of layer 4; there are 6 directions.
  const start = {
    directions: filled(2 * 6),
    stages: [2, 5].map((rank) => ({ rank, down: filled(12 * rank), up: filled(rank * 5) })),
    doubt: 1.5,
  };
  const steps = { form: 'steps' as const, rank: 3, down: filled(15), up: filled(15) };
  const inverse = { form: 'inverse' as const, rank: 5, down: filled(25), up: filled(25) };

  test.each([null, steps, inverse])('is read as it was written', (curvature) => {
    const learned = { start, curvature };
    expect(readModel(writeModel({ ...bare, learned })).learned).toEqual(learned);
    const sure = { start: { ...start, doubt: Infinity }, curvature };
    expect(readModel(writeModel({ ...bare, learned: sure })).learned).toEqual(sure);
    expect(readModel(writeModel(bare)).learned).toBeUndefined();
  });

  test.each([
    ['start.directions', null, 'tensor start.directions is missing; start.0.down needs it, [2, any]'],
    ['start.0.down', [4, 6], 'tensor start.0.down has shape [4, 6]; it must be [12, any]'],
    ['start.0.down', null, 'tensor start.0.down is missing; a model with start.1.down needs it'],
    ['start.1.up', [5, 4], 'tensor start.1.up has shape [5, 4]; it must be [5, 5]'],
    ['start.doubt', [1, 2], 'tensor start.doubt has shape [1, 2]; it must be [1, 1]'],
    ['curvature.up', null, 'tensor curvature.up is missing; start.directions needs it, [3, 5]'],
    ['curvature.down', [3, 5], 'tensor curvature.down has shape [3, 5]; it must be [5, any]'],
  ] as const)('%s with shape %j is refused', (name, shape, words) => {
    const { tensors, metadata } = readSafetensors(
      writeModel({ ...bare, learned: { start, curvature: steps } }),
    );
    const changed = new Map(tensors);
    if (shape) changed.set(name, { shape, values: filled(shape[0] * shape[1]) });
    else changed.delete(name);
    const bytes = writeSafetensors({ tensors: changed, metadata });
    expect(() => readModel(bytes)).toThrow(words);
  });

  test('a number that is not finite, and a chain without an even layer, are refused', () => {
    const { tensors, metadata } = readSafetensors(
      writeModel({ ...bare, learned: { start, curvature: null } }),
    );
    const directions = { shape: [2, 6], values: filled(12).fill(NaN, 3, 4) };
    const broken = new Map(tensors).set('start.directions', directions);
    expect(() => readModel(writeSafetensors({ tensors: broken, metadata }))).toThrow(
      'tensor start.directions holds NaN at [0, 3]; every number must be finite',
    );
    const two = createChain(layers.slice(0, 2), [filled(15)]);
    const short = readSafetensors(writeModel(two));
    const added = new Map(short.tensors).set('start.directions', { shape: [1, 1], values: filled(1) });
    expect(() => readModel(writeSafetensors({ tensors: added, metadata: short.metadata }))).toThrow(
      /needs an even layer beyond the first/,
    );
  });
});
