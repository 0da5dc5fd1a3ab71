import { expect, test } from 'vitest';
import { createChain } from '../../../network/network';
import { hiddenMap, mapSize, unitAt, unitOrders, weightsInto, winnerOf } from './unit-order';

const layer = (units: number) => ({ name: String(units), units, activation: { kind: 'sigmoid' } as const });

/** 4 pixels, 3 units, 2 units, 2 outputs. The first unit of the last hidden layer speaks for output 1, the second for output 0. */
const network = createChain(
  [layer(4), layer(3), layer(2), layer(2)],
  [
    Float32Array.of(1, 0, -2, 0, 0, 1, 0, 0, 0, 0, 4, 0),
    Float32Array.of(1, 0, 0, 5, 3, 0),
    Float32Array.of(-1, 2, 1, 0),
  ],
);

test('units are ordered by the output that they lead to, through every layer, the strongest first', () => {
  const orders = unitOrders(network);
  expect([...(orders.get(2)?.speaksFor ?? [])]).toEqual([1, 0]);
  expect([...(orders.get(2)?.units ?? [])]).toEqual([1, 0]);
  expect([...(orders.get(1)?.speaksFor ?? [])]).toEqual([1, 0, 1]);
  expect([...(orders.get(1)?.units ?? [])]).toEqual([1, 2, 0]);
  expect(orders.has(0) || orders.has(3)).toBe(false);
  expect(unitOrders(network), 'worked out once').toBe(orders);
});

test('a map fills column by column, and a place of it gives the unit back', () => {
  const order = unitOrders(network).get(1)!;
  const size = mapSize(3, 1);
  expect(size).toEqual({ width: 2, height: 2 });
  const { values } = hiddenMap({ kind: 'sigmoid' }, Float32Array.of(0.25, 1, 0), order, size, 1);
  // Unit 1 stands first, unit 2 below it, unit 0 to the right; the fourth place is paper.
  expect([...values]).toEqual([1, -0.5, -1, -1]);
  expect([unitAt(order, size, 0, 0), unitAt(order, size, 0, 1), unitAt(order, size, 1, 0)]).toEqual([
    1, 2, 0,
  ]);
  expect(unitAt(order, size, 1, 1)).toBeNull();
});

test('the weights into a unit are a picture, the largest of them ink or paper', () => {
  const { values } = weightsInto(network, 2, { width: 2, height: 2 });
  expect([...values]).toEqual([-1, 0.5, 0, 0].map((x) => Math.fround(x)));
  expect([...weightsInto(network, 1, { width: 2, height: 2 }).values]).toEqual([0, 0, 0, 1]);
});

test('the winner, and by how much', () => {
  expect(winnerOf([0.1, 0.9, 0.4])).toEqual({ digit: 1, margin: 0.5 });
  expect(winnerOf([0.5, 0.5]).margin).toBe(0);
});
