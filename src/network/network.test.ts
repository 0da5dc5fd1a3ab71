import { describe, expect, test } from 'vitest';
import type { Activation } from './activation';
import {
  twoColours,
  createChain,
  createNetwork,
  NetworkError,
  type Connection,
  type Layer,
  type Network,
} from './network';

const layer = (name: string, units: number, activation: Activation = { kind: 'identity' }): Layer => ({
  name,
  units,
  activation,
});

const connect = (from: number, to: number, numbers: number): Connection => ({
  from,
  to,
  weights: new Float32Array(numbers),
});

const triangle = ['input', 'middle', 'output'].map((name) => layer(name, 2));

describe('createNetwork', () => {
  test('returns a sound network as it was given', () => {
    const layers = [{ ...layer('visible', 3), bias: new Float32Array(3) }, layer('hidden', 2)];
    const connections = [connect(0, 1, 6)];
    expect(createNetwork(layers, connections)).toEqual({ dynamics: 'ham', layers, connections });
  });

  test.each<[string, () => unknown, RegExp]>([
    ['no layers', () => createNetwork([], []), /at least one layer/],
    ['a layer of no units', () => createNetwork([layer('empty', 0)], []), /layer empty has 0 units/],
    ['half a unit', () => createNetwork([layer('odd', 1.5)], []), /layer odd has 1\.5 units/],
    [
      'an activation out of range',
      () => createNetwork([layer('hidden', 2, { kind: 'softmax', beta: -1 })], []),
      /layer hidden: softmax: beta must be a positive number, not -1/,
    ],
    [
      'a bias of another length',
      () => createNetwork([{ ...layer('visible', 3), bias: new Float32Array(2) }], []),
      /bias of layer visible has 2 numbers; it needs 3/,
    ],
    [
      'a bias that is not finite',
      () => createNetwork([{ ...layer('visible', 2), bias: Float32Array.of(0, NaN) }], []),
      /bias of layer visible holds NaN at index 1/,
    ],
    [
      'a connection into nowhere',
      () => createNetwork(triangle, [connect(0, 3, 4)]),
      /layers 0 and 3; there are 3/,
    ],
    [
      'a connection to itself',
      () => createNetwork(triangle, [connect(1, 1, 4)]),
      /layer middle cannot be connected/,
    ],
    [
      'two connections between the same layers',
      () => createNetwork(triangle, [connect(0, 1, 4), connect(1, 0, 4)]),
      /middle and input are connected twice/,
    ],
    [
      'weights of another shape',
      () => createNetwork(triangle, [connect(0, 1, 5)]),
      /connection input–middle \[2, 2\] has 5 numbers; it needs 4/,
    ],
    [
      'a weight that is not finite',
      () => createNetwork(triangle, [{ from: 0, to: 1, weights: Float32Array.of(0, 0, Infinity, 0) }]),
      /connection input–middle \[2, 2\] holds Infinity at index 2/,
    ],
    [
      'a chain short of a matrix',
      () => createChain(triangle, [new Float32Array(4)]),
      /need 2 weight matrices, not 1/,
    ],
  ])('refuses %s, and says where', (_, build, message) => {
    expect(build).toThrow(NetworkError);
    expect(build).toThrow(message);
  });
});

describe('two colours', () => {
  test('colours a chain by turns', () => {
    const chain = createChain(
      [3, 2, 4, 1].map((units, l) => layer(`layer ${l}`, units)),
      [new Float32Array(6), new Float32Array(8), new Float32Array(4)],
    );
    expect(twoColours(chain)).toEqual({ colours: [0, 1, 0, 1] });
  });

  test('never gives connected layers the same colour, whatever the order of layers and connections', () => {
    const layers = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => layer(name, 1));
    const even = createNetwork(layers, [
      connect(4, 1, 1),
      connect(1, 3, 1),
      connect(3, 0, 1),
      connect(0, 4, 1),
      connect(5, 2, 1),
    ]);
    const found = twoColours(even);
    const colours = 'colours' in found ? found.colours : [];
    for (const { from, to } of even.connections) expect(colours[from]).not.toBe(colours[to]);
    expect(colours[0]).toBe(0);
  });

  test('names the layers of a triangle', () => {
    const odd = createNetwork(triangle, [connect(0, 1, 4), connect(1, 2, 4), connect(2, 0, 4)]);
    const names = cycleOf(odd);
    expect(names).toHaveLength(4);
    expect(names[0]).toBe(names[3]);
    expect(new Set(names)).toEqual(new Set(['input', 'middle', 'output']));
  });

  test('names the cycle alone, and in walking order, where much else is connected', () => {
    // tail – stem – ring0 – ring1 – ring2 – ring3 – ring4 – ring0
    const names = ['tail', 'stem', 'ring0', 'ring1', 'ring2', 'ring3', 'ring4'];
    const links = [0, 1, 2, 3, 4, 5].map((l) => connect(l, l + 1, 1)).concat(connect(6, 2, 1));
    const odd = createNetwork(
      names.map((name) => layer(name, 1)),
      links,
    );
    const cycle = cycleOf(odd);
    expect(cycle).toHaveLength(6);
    expect(cycle[0]).toBe(cycle.at(-1));
    expect(new Set(cycle)).toEqual(new Set(names.slice(2)));
    const joined = new Set(links.flatMap(({ from, to }) => [`${from}-${to}`, `${to}-${from}`]));
    for (let i = 1; i < cycle.length; i++) {
      expect(joined).toContain(`${names.indexOf(cycle[i - 1]!)}-${names.indexOf(cycle[i]!)}`);
    }
  });
});

function cycleOf(network: Network): readonly string[] {
  const found = twoColours(network);
  return 'oddCycle' in found ? found.oddCycle : [];
}
