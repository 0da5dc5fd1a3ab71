import { f16round } from '@petamoriken/float16';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Activation } from '../network/activation';
import { createChain, createNetwork, NetworkError, type Network } from '../network/network';
import { activationName, parseActivation } from './activation-name';
import { FormatError } from '../codecs/format-error';
import { readModel, writeModel } from './model';
import { writeSafetensors, type Tensor } from '../codecs/safetensors';

const parameter = fc.double({ min: 1, max: 1e6, noNaN: true });
const elementwise = fc.oneof(
  fc.constantFrom<Activation>({ kind: 'identity' }, { kind: 'sigmoid' }, { kind: 'relu' }),
  fc.double({ min: 1e-9, max: 1e9, noNaN: true }).map((gain): Activation => ({ kind: 'tanh', gain })),
  parameter.map((degree): Activation => ({ kind: 'rectified-polynomial', degree })),
);
const activations = fc.oneof(
  elementwise,
  parameter.map((beta): Activation => ({ kind: 'softmax', beta })),
);

const floats = (length: number) => {
  const size = { minLength: length, maxLength: length, noNaN: true, noDefaultInfinity: true };
  return fc.oneof(fc.float32Array(size), fc.float64Array(size));
};

const networks = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 5 }), fc.boolean())
  .chain(([units, chn]) =>
    fc
      .tuple(
        fc.tuple(...units.map((n) => floats(n))),
        fc.tuple(...units.slice(1).map((n, l) => floats(n * units[l]!))),
        fc.tuple(...units.map(() => (chn ? elementwise : activations))),
        fc.boolean(),
      )
      .map(([biases, weights, rhos, visible]) =>
        createChain(
          units.map((n, l) => ({
            name: String(l),
            units: n,
            activation: rhos[l]!,
            ...(l > 0 || visible ? { bias: biases[l]! } : {}),
          })),
          weights,
          chn ? 'chn' : 'ham',
        ),
      ),
  );

/** 3-2-2, with the file's parts to tamper with. */
function sample(change: (tensors: Map<string, Tensor>, metadata: Map<string, string>) => void): Uint8Array {
  const tensors = new Map<string, Tensor>([
    ['W.0', { shape: [3, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ['W.1', { shape: [2, 2], values: Float64Array.of(1, 2, 3, 4) }],
    ['b.1', { shape: [2], values: Float32Array.of(0.5, -0.5) }],
    ['b.2', { shape: [2], values: Float32Array.of(0.25, 0) }],
  ]);
  const metadata = new Map([
    ['activation', 'sigmoid(4s-2)'],
    ['dynamics', 'ham'],
    ['format', 'pt'],
  ]);
  change(tensors, metadata);
  return writeSafetensors({ tensors, metadata });
}

describe('a model file', () => {
  test('is read back as the network that was written', () => {
    fc.assert(
      fc.property(networks, (network) => {
        expect(readModel(writeModel(network))).toEqual(network);
      }),
    );
  });

  test('names every activation so that it is read back the same', () => {
    fc.assert(
      fc.property(activations, (activation) => {
        expect(parseActivation(activationName(activation))).toEqual(activation);
      }),
    );
  });

  test.each<[string, Activation]>([
    ['sigmoid(4s - 2)', { kind: 'sigmoid' }],
    ['tanh', { kind: 'tanh', gain: 1 }],
    ['tanh(2.5s)', { kind: 'tanh', gain: 2.5 }],
    ['tanh(s)', { kind: 'tanh', gain: 1 }],
    ['rectified-polynomial(3)', { kind: 'rectified-polynomial', degree: 3 }],
    ['softmax(8)', { kind: 'softmax', beta: 8 }],
  ])('knows %s', (name, activation) => {
    expect(parseActivation(name)).toEqual(activation);
  });

  test('may give each layer an activation of its own, and the caller other dynamics', () => {
    const bytes = sample((_, metadata) => metadata.set('activation', 'identity | relu | tanh(2s)'));
    const { layers, dynamics } = readModel(bytes, 'chn');
    expect(layers.map(({ activation }) => activation.kind)).toEqual(['identity', 'relu', 'tanh']);
    expect(dynamics).toBe('chn');
  });

  type Change = Parameters<typeof sample>[0];
  const tampered: readonly (readonly [string, Change])[] = [
    ['tensor W.0 is missing; a model with W.1 needs it', (t) => t.delete('W.0')],
    ['tensor W.0 is missing; a model needs it', (t) => t.clear()],
    ['tensor W.2 is missing; a model with W.3 needs it', (t) => t.set('W.3', t.get('W.1')!)],
    ['tensor b.2 is missing; layer 2 has 2 units, so it must be [2]', (t) => t.delete('b.2')],
    ['tensor b.3 belongs to no layer; the layers are 0 to 2', (t) => t.set('b.3', t.get('b.2')!)],
    [
      'tensor "U" has no place in a model; its tensors are W.0, W.1, … and b.1, b.2, …',
      (t) => t.set('U', t.get('b.2')!),
    ],
    [
      'tensor W.1 has shape [4]; it must have two dimensions of 1 or more',
      (t) => t.set('W.1', { shape: [4], values: new Float32Array(4) }),
    ],
    [
      'tensor W.1 has shape [2, 0]; it must have two dimensions of 1 or more',
      (t) => t.set('W.1', { shape: [2, 0], values: new Float32Array(0) }),
    ],
    [
      'tensor W.1 has shape [4, 1]; it must have 2 rows, as many as W.0 has columns',
      (t) => t.set('W.1', { shape: [4, 1], values: new Float32Array(4) }),
    ],
    [
      'tensor b.1 has shape [1, 2]; layer 1 has 2 units, so it must be [2]',
      (t) => t.set('b.1', { shape: [1, 2], values: new Float32Array(2) }),
    ],
    ['tensor W.0 holds NaN at [1, 0]; every number must be finite', (t) => (t.get('W.0')!.values[2] = NaN)],
    [
      'tensor b.2 holds -Infinity at [1]; every number must be finite',
      (t) => (t.get('b.2')!.values[1] = -Infinity),
    ],
    ['the metadata has no activation; it must be sigmoid(4s-2), identity,', (_, m) => m.delete('activation')],
    [
      'activation in the metadata is "sigmoid"; it must be sigmoid(4s-2), identity,',
      (_, m) => m.set('activation', 'sigmoid'),
    ],
    [
      'activation in the metadata is "softmax(0)": softmax: beta must be a positive number, not 0',
      (_, m) => m.set('activation', 'softmax(0)'),
    ],
    ['activation in the metadata lists 2 names for 3 layers', (_, m) => m.set('activation', 'relu|relu')],
    ['the metadata has no dynamics; it must be ham or chn', (_, m) => m.delete('dynamics')],
    ['dynamics in the metadata is "HAM"; it must be ham or chn', (_, m) => m.set('dynamics', 'HAM')],
  ];
  test.each(tampered)('%s', (words, change) => {
    const bytes = sample(change);
    expect(() => readModel(bytes)).toThrow(FormatError);
    expect(() => readModel(bytes)).toThrow(words);
  });

  test('softmax has no CHN', () => {
    const bytes = sample((_, metadata) => metadata.set('activation', 'softmax(8)'));
    expect(readModel(bytes).dynamics).toBe('ham');
    expect(() => readModel(bytes, 'chn')).toThrow(
      new NetworkError('layer 0: softmax is defined for HAM only, not for CHN'),
    );
  });

  test('a wrong dtype, a file that is cut off and a header that lies are told apart', () => {
    const bytes = sample(() => undefined);
    const text = new TextDecoder('latin1').decode(bytes);
    const other = Uint8Array.from(text.replace('F64', 'I64'), (char) => char.charCodeAt(0));
    expect(() => readModel(other)).toThrow('tensor "W.1": dtype is "I64"; it must be "F16", "F32" or "F64"');
    expect(() => readModel(bytes.subarray(0, -1))).toThrow('the file is cut off or the offset is wrong');
    expect(() => readModel(bytes.subarray(0, 20))).toThrow(
      'the file is cut off or its header length is wrong',
    );
    for (const lie of [-8, 8, 1e6]) {
      const lying = bytes.slice();
      const view = new DataView(lying.buffer);
      view.setBigUint64(0, view.getBigUint64(0, true) + BigInt(lie), true);
      expect(() => readModel(lying)).toThrow(FormatError);
    }
  });

  test('holds a chain and nothing else', () => {
    const layers = ['a', 'b', 'c'].map((name) => ({ name, units: 1, activation: { kind: 'relu' } as const }));
    const weights = Float32Array.of(1);
    const joined = (pairs: readonly (readonly [number, number])[]): Network =>
      createNetwork(
        layers,
        pairs.map(([from, to]) => ({ from, to, weights })),
      );
    expect(
      writeModel(
        joined([
          [0, 1],
          [1, 2],
        ]),
      ),
    ).toBeInstanceOf(Uint8Array);
    expect(() =>
      writeModel(
        joined([
          [0, 1],
          [1, 2],
          [0, 2],
        ]),
      ),
    ).toThrow(FormatError);
    expect(() =>
      writeModel(
        joined([
          [0, 1],
          [0, 2],
        ]),
      ),
    ).toThrow(FormatError);
  });
});

describe('2,000 mutated model files', () => {
  test('are read as a sound network or refused in one line, each within a second', () => {
    const base = sample(() => undefined);
    const headerEnd = 8 + Number(new DataView(base.buffer).getBigUint64(0, true));
    type Mutation = (bytes: Uint8Array) => Uint8Array;
    const place = fc.nat(base.length - 1);
    const splice = (bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array =>
      Uint8Array.from([...bytes.subarray(0, at), ...insert, ...bytes.subarray(at + remove)]);
    /** Keeps the header's length true, so that what is behind it is reached. */
    const inHeader =
      (from: string, to: string): Mutation =>
      (bytes) => {
        if (bytes.length < headerEnd) return bytes;
        const text = new TextDecoder('latin1').decode(bytes.subarray(8, headerEnd)).replace(from, to);
        const next = splice(
          bytes,
          8,
          headerEnd - 8,
          Uint8Array.from(text, (char) => char.charCodeAt(0)),
        );
        new DataView(next.buffer).setBigUint64(0, BigInt(text.length), true);
        return next;
      };
    const mutations = fc.oneof(
      fc
        .tuple(fc.integer({ min: headerEnd, max: base.length - 1 }), fc.nat(255))
        .map(([at, byte]): Mutation => (bytes) => {
          const next = bytes.slice();
          if (at < next.length) next[at] = byte;
          return next;
        }),
      fc.tuple(place, fc.nat(7)).map(([at, bit]): Mutation => (bytes) => {
        const next = bytes.slice();
        if (at < next.length) next[at] = (next[at] ?? 0) ^ (1 << bit);
        return next;
      }),
      fc.tuple(fc.nat(headerEnd), fc.nat(255)).map(([at, byte]): Mutation => (bytes) => {
        const next = bytes.slice();
        if (at < next.length) next[at] = byte;
        return next;
      }),
      place.map(
        (length): Mutation =>
          (bytes) =>
            bytes.slice(0, length),
      ),
      fc.tuple(place, fc.nat(9), fc.uint8Array({ maxLength: 9 })).map(
        ([at, remove, insert]): Mutation =>
          (bytes) =>
            splice(bytes, at, remove, insert),
      ),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((length): Mutation => (bytes) => {
        const next = bytes.slice();
        if (next.length >= 8) new DataView(next.buffer).setBigUint64(0, length, true);
        return next;
      }),
      fc
        .tuple(
          fc.constantFrom(
            'F32',
            'F64',
            '[3,2]',
            '[2]',
            '"shape"',
            'W.0',
            'b.1',
            '{',
            '}',
            '[',
            ',',
            'ham',
            '(4s-2)',
            '0',
            '24',
          ),
          fc.oneof(
            fc.constantFrom(
              'F32',
              'F64',
              'BF16',
              '[2,3]',
              '[]',
              'W.1',
              'W.999999999',
              'b.0',
              'chn',
              '|',
              '(1e999s)',
              '-1',
              '1e999',
              '9007199254740991',
              '{"a":'.repeat(50),
              '['.repeat(100_000),
            ),
            fc.string(),
          ),
        )
        .map(([from, to]) => inHeader(from, to)),
    );
    let read = 0;
    let slowest = 0;
    fc.assert(
      fc.property(fc.array(mutations, { minLength: 1, maxLength: 3 }), (list) => {
        const bytes = list.reduce((file, mutate) => mutate(file), base);
        const began = performance.now();
        try {
          const { layers } = readModel(bytes);
          expect(layers.length).toBeGreaterThan(1);
          read++;
        } catch (error) {
          if (!(error instanceof FormatError) && !(error instanceof NetworkError)) throw error;
          expect(error.message).not.toMatch(/[\n\r]/);
          expect(error.message.length).toBeLessThan(400);
        }
        slowest = Math.max(slowest, performance.now() - began);
      }),
      { seed: 2000, numRuns: 2000 },
    );
    expect(slowest).toBeLessThan(1000);
    // Neither all refused at the door nor all let through: the mutations reach what lies behind.
    expect(read).toBeGreaterThan(100);
    expect(read).toBeLessThan(1500);
  });
});

test('in float16 a model takes half the bytes, and each number is the nearest of those', () => {
  const layer = (name: string) => ({ name, units: 30, activation: { kind: 'sigmoid' } as const });
  const values = Float32Array.from({ length: 900 }, (_, i) => Math.sin(i) * 10 ** ((i % 9) - 6));
  const network = createChain([layer('0'), { ...layer('1'), bias: values.subarray(0, 30) }], [values]);
  const file = writeModel(network, 'float16');
  expect(file.length).toBeLessThan(0.6 * writeModel(network).length);
  const read = readModel(file);
  for (const [found, given] of [
    [read.connections[0]?.weights, values],
    [read.layers[1]?.bias, values.subarray(0, 30)],
  ] as const)
    expect([...(found ?? [])]).toEqual(Array.from(given, (x) => f16round(x)));
  expect(() =>
    readModel(writeModel(createChain([layer('0'), layer('1')], [values.map((x) => x * 1e6)]), 'float16')),
  ).toThrow(/Infinity/);
});
