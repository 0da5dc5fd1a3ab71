/**
 * The same even-odd Picard as a person would write it with TensorFlow.js, and as fast as its operations allow: the input's
 * drive is computed once a query, layers are padded to a multiple of four units, the bias and the second neighbour's product
 * ride on the first one's kernel, and one residual is read back for the whole batch.
 *
 * On the processor, by WebAssembly, a bias must be one row, so a drive that differs from sample to sample is added afterwards.
 *
 * The paper's ρ(s) = sigmoid(4s − 2) is sigmoid(u) of u = 4s − 2. Weights and biases are scaled for u when they are brought
 * in, so that an update is products and one sigmoid. A padding unit has s = 0, which is u = −2.
 */
import * as tf from '@tensorflow/tfjs';
import type { Network } from '../src/network/network';
import { BLOCK, inBlocks, type BlockOutcome } from './blocks';
import type { AnyContestantName, Contestant, Outcome, Prepared, Work } from './contestant';
import type { CpuTensors } from './cpu/host';
import { timed } from './rounds';

/** u where s = 0. */
const ZERO = -2;

const padded = (units: number): number => 4 * Math.ceil(units / 4);

/** A free layer of a batch, [batch, padded units]. */
type LayerState = { readonly u: tf.Tensor2D; readonly rho: tf.Tensor2D };

/** Brings rows of `columns` numbers to rows of `wide`, and fills with `fill`. */
function pad(
  rows: number,
  columns: number,
  tall: number,
  fill: number,
  pick: (row: number, column: number) => number,
): tf.Tensor2D {
  const wide = padded(columns);
  const values = new Float32Array(tall * wide).fill(fill);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) values[i * wide + j] = pick(i, j);
  }
  return tf.tensor2d(values, [tall, wide]);
}

class PreparedTensors implements Prepared {
  /** 4W from layer l to l + 1, and from l + 1 to l: both in the order in which a product reads them. */
  private readonly up: readonly tf.Tensor2D[];
  private readonly down: readonly tf.Tensor2D[];
  /** 4b − 2 of each layer, [1, padded units], or [padded units] where a bias must be one row. */
  private readonly bias: readonly (tf.Tensor1D | tf.Tensor2D)[];
  private readonly units: readonly number[];

  constructor(
    network: Network,
    private readonly checkEvery: number,
    /** Samples that go through all their iterations together. */
    private readonly block: number,
    /** Whether a product takes any matrix as its bias, not just a row. */
    private readonly fusesAny: boolean,
  ) {
    const { layers, connections } = network;
    this.units = layers.map(({ units }) => units);
    this.up = connections.map(({ from, to, weights }) => {
      const [n, m] = [layers[from]?.units ?? 0, layers[to]?.units ?? 0];
      return pad(n, m, padded(n), 0, (i, j) => 4 * (weights[i * m + j] ?? 0));
    });
    this.down = connections.map(({ from, to, weights }) => {
      const [n, m] = [layers[from]?.units ?? 0, layers[to]?.units ?? 0];
      return pad(m, n, padded(m), 0, (j, i) => 4 * (weights[i * m + j] ?? 0));
    });
    this.bias = layers.map(({ units, bias }) => {
      const row = pad(1, units, 1, ZERO, (_, j) => 4 * (bias?.[j] ?? 0) + ZERO);
      return fusesAny ? row : tf.tensor1d(row.dataSync());
    });
  }

  solve(work: Work): Promise<Outcome> {
    return inBlocks(work, this.block, (part) => this.solveBlock(part));
  }

  private async solveBlock({ batch, input, tolerance, limit }: Work): Promise<BlockOutcome> {
    const inputDrive = this.hoist(input, batch);
    const zeros = (first: number): LayerState[] =>
      this.units
        .filter((_, l) => l >= first && l % 2 === first % 2)
        .map((units) => {
          const u = tf.fill<tf.Rank.R2>([batch, padded(units)], ZERO);
          return { u, rho: tf.sigmoid(u) };
        });
    let odd = tf.tidy(() => zeros(1));
    let even = tf.tidy(() => zeros(2));
    let iteration = 0;
    for (; ; iteration++) {
      // The odd layers of s_{t+1}, and what f makes of those of s_t.
      const next = tf.tidy(() => this.moved(1, even, inputDrive));
      if (iteration > 0 && iteration % this.checkEvery === 0) {
        const residual = tf.tidy(() => largestResidual(odd, next, even));
        const [square = NaN] = await residual.data();
        residual.dispose();
        if (square < tolerance ** 2 || iteration >= limit) {
          tf.dispose(next);
          break;
        }
      }
      tf.dispose(odd);
      odd = next;
      const moved = tf.tidy(() => this.moved(0, odd, inputDrive));
      tf.dispose(even);
      even = moved;
    }
    const states = await this.read(odd, even, batch);
    tf.dispose([inputDrive]);
    tf.dispose(odd);
    tf.dispose(even);
    return { states, iteration };
  }

  destroy(): void {
    tf.dispose([...this.up, ...this.down, ...this.bias]);
  }

  /** What the input drives layer 1 with, bias included. */
  private hoist(input: Float32Array, batch: number): tf.Tensor2D {
    const units = at(this.units, 0);
    return tf.tidy(() => {
      // Most inputs need no padding, and no copy then.
      const s =
        units === padded(units)
          ? tf.tensor2d(input, [batch, units])
          : pad(batch, units, batch, 0, (i, j) => input[i * units + j] ?? 0);
      const rho = tf.sigmoid(tf.add<tf.Tensor2D>(tf.mul(s, 4), ZERO));
      return this.product(rho, at(this.up, 0), at(this.bias, 1));
    });
  }

  /** The free layers of one parity, 1 for odd ones, from those of the other. */
  private moved(parity: 0 | 1, others: readonly LayerState[], inputDrive: tf.Tensor2D): LayerState[] {
    const first = 2 - parity;
    const count = Math.ceil((this.units.length - first) / 2);
    return Array.from({ length: count }, (_, k) => {
      const l = first + 2 * k;
      const below = others[k - parity];
      const above = others[k - parity + 1];
      // The drive so far rides on the next product as its bias.
      let u: tf.Tensor = l === 1 ? inputDrive : at(this.bias, l);
      if (below) u = this.product(below.rho, at(this.up, l - 1), u);
      if (above) u = this.product(above.rho, at(this.down, l), u);
      // Every layer has a neighbour, so that it is of all samples by now.
      return { u: u as tf.Tensor2D, rho: tf.sigmoid(u as tf.Tensor2D) };
    });
  }

  /** a·b + bias, [batch, columns]; the bias has as many rows or one. */
  private product(a: tf.Tensor2D, b: tf.Tensor2D, bias: tf.Tensor): tf.Tensor2D {
    if (this.fusesAny || bias.rank === 1) return tf.fused.matMul({ a, b, bias }) as tf.Tensor2D;
    return tf.add(tf.matMul(a, b), bias);
  }

  /** s of each free layer, first to last, without the padding. */
  private async read(
    odd: readonly LayerState[],
    even: readonly LayerState[],
    batch: number,
  ): Promise<Float32Array[]> {
    const inOrder = odd.flatMap((layer, k) => [layer, even[k]]).filter((layer) => layer !== undefined);
    return Promise.all(
      inOrder.map(async ({ u }, k) => {
        const values = await u.data();
        const units = at(this.units, k + 1);
        const wide = padded(units);
        const s = new Float32Array(batch * units);
        for (let i = 0; i < batch; i++) {
          for (let j = 0; j < units; j++) s[i * units + j] = ((values[i * wide + j] ?? 0) - ZERO) / 4;
        }
        return s;
      }),
    );
  }
}

/**
 * ‖f(s) − s‖² / ‖f(s)‖² of the sample where it is largest, a scalar. The even layers of s came from its odd ones, so f leaves
 * them where they are; what f makes of the odd ones is `next`. The factor 16 between s and u cancels.
 */
function largestResidual(
  odd: readonly LayerState[],
  next: readonly LayerState[],
  even: readonly LayerState[],
): tf.Tensor {
  const change = next.map(({ u }, k) => tf.sum(tf.squaredDifference(u, at(odd, k).u), 1));
  const scale = [...next, ...even].map(({ u }) => tf.sum(tf.squaredDifference(u, ZERO), 1));
  return tf.max(tf.div(tf.addN(change), tf.addN(scale)));
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new RangeError(`there is no entry ${index}`);
  return value;
}

/**
 * Makes TensorFlow.js compute with WebGPU, and returns its device.
 * @throws Error where it cannot
 */
export async function startTensorFlow(): Promise<GPUDevice> {
  tf.enableProdMode();
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js finds no WebGPU here');
  await tf.ready();
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw new Error('TensorFlow.js does not compute with WebGPU');
  return backend.device;
}

export const tensorFlowVersion: string = tf.version_core;

/** @param checkEvery iterations from one look at the residual to the next, each a read-back */
export function createTensorFlow<Name extends AnyContestantName>(
  name: Name,
  checkEvery: number,
  device: GPUDevice,
): Contestant<Name> {
  return {
    name,
    device,
    prepare: (network) => Promise.resolve(new PreparedTensors(network, checkEvery, Infinity, true)),
  };
}

/**
 * Makes TensorFlow.js compute on the processor, in WebAssembly with SIMD.
 * @param folder where its .wasm files lie, a path or an address that ends with /
 * @param threads how many it may have; it takes half as many as there are cores at most, and on Node always one
 * @throws Error where it cannot
 */
export async function startWasm(folder: string, threads: number): Promise<CpuTensors> {
  tf.enableProdMode();
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(folder);
  if (threads === 1) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  else wasm.setThreadsCount(threads);
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js cannot start its WebAssembly here');
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) throw new Error('TensorFlow.js has no SIMD here');
  const several = threads > 1 && (await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT'));
  return {
    version: tensorFlowVersion,
    contestant: {
      name: 'tfjs-wasm',
      threads: several ? wasm.getThreadsCount() : 1,
      device: null,
      prepare: (network) => Promise.resolve(new PreparedTensors(network, 1, BLOCK, false)),
    },
    product({ batch, n, m }, a, w) {
      const [left, right] = [tf.tensor2d(a, [batch, n]), tf.tensor2d(w, [n, m])];
      let last = tf.zeros([1, 1]);
      const multiply = (): tf.Tensor => {
        last.dispose();
        last = tf.matMul(left, right);
        return last;
      };
      return Promise.resolve({
        play: async (repeats) => {
          const { milliseconds, outcome } = await timed(repeats, multiply);
          return { milliseconds, outcome: Float32Array.from(outcome.dataSync()) };
        },
        destroy: () => tf.dispose([left, right, last]),
      });
    },
  };
}

/**
 * Milliseconds of one product of two square matrices: the best of a few bursts, each of about `burst` ms. For the ceilings.
 */
export async function productTime(size: number, burst: number): Promise<number> {
  const [a, b] = [tf.fill([size, size], 0.5), tf.fill([size, size], 0.25)];
  const run = async (times: number): Promise<number> => {
    const began = performance.now();
    for (let i = 1; i < times; i++) tf.matMul(a, b).dispose();
    // The queue works in order: one number of the last product says that all are done.
    const corner = tf.tidy(() => tf.slice(tf.matMul(a, b), [0, 0], [1, 1]));
    await corner.data();
    corner.dispose();
    return (performance.now() - began) / times;
  };
  await run(1);
  let best = await run(1);
  const times = Math.min(Math.ceil(burst / best), 64);
  if (times > 1) for (let i = 0; i < 3; i++) best = Math.min(best, await run(times));
  tf.dispose([a, b]);
  return best;
}
