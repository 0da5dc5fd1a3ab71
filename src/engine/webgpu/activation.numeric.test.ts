/** What the shaders make of one unit, from 1e-38 to 1e38, against 200 digits. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import activationWgsl from '../../../shaders/activation.wgsl?raw';
import dynamicsWgsl from '../../../shaders/dynamics.wgsl?raw';
import { activate, conjugate, slope, type ElementwiseActivation } from '../../network/activation';
import { exactActivation, nearest } from '../../testing/exact';
import { hasLocalRoot, localRoot } from '../../network/local-root';
import { sharedGpu } from '../../testing/every-engine';
import { ACTIVATION, headerWgsl } from './interface';

const MAIN = `
override KIND: u32;
override PARAMETER: f32;
@group(0) @binding(8) var<storage, read> given: array<vec4f>;
@group(0) @binding(9) var<storage, read_write> found: array<array<vec4f, 4>>;

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) block: vec3u) {
  let s = given[block.x];
  found[block.x][0] = rho(KIND, PARAMETER, s);
  found[block.x][1] = slope(KIND, PARAMETER, s);
  found[block.x][2] = conjugate(KIND, PARAMETER, s);
  if (KIND == SIGMOID || KIND == TANH) {
    found[block.x][3] = local_root(KIND, PARAMETER, s);
  }
}`;

const ACTIVATIONS: readonly ElementwiseActivation[] = [
  { kind: 'identity' },
  { kind: 'sigmoid' },
  { kind: 'tanh', gain: 1 },
  { kind: 'tanh', gain: Math.fround(0.05) },
  { kind: 'tanh', gain: 37 },
  { kind: 'relu' },
  { kind: 'rectified-polynomial', degree: 1 },
  { kind: 'rectified-polynomial', degree: 3 },
  { kind: 'rectified-polynomial', degree: 2.5 },
  { kind: 'rectified-polynomial', degree: Math.fround(1.3) },
];

const STATES = Float32Array.from([
  0,
  0.5,
  ...Array.from({ length: 77 }, (_, i) => 1.37 * 10 ** (i - 38)).flatMap((s) => [s, -s]),
  ...Array.from({ length: 120 }, (_, i) => 0.083 * (i + 1)).flatMap((s) => [s, -s]),
]);

/** The smallest and the largest number that a GPU must know. */
const SMALLEST = 2 ** -126;
const LARGEST = 3.4e38;
/** The distance of float32 from 1 to the next. */
const EPSILON = 2 ** -23;

let device: GPUDevice;
beforeAll(async () => {
  const adapter = await (await sharedGpu()).requestAdapter();
  if (!adapter) throw new Error('there is no adapter');
  device = await adapter.requestDevice();
});
afterAll(() => {
  device.destroy();
});

/** [states / 4][ρ, ρ′, conjugate, root][4] */
async function compute(activation: ElementwiseActivation): Promise<Float32Array> {
  const code = [headerWgsl(['run', 'pass']), activationWgsl, dynamicsWgsl, MAIN].join('\n');
  const parameter =
    activation.kind === 'tanh' ? activation.gain : 'degree' in activation ? activation.degree : 0;
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: {
      module: device.createShaderModule({ code }),
      entryPoint: 'main',
      constants: { KIND: ACTIVATION.of[activation.kind], PARAMETER: parameter },
    },
  });
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const vec4s = Math.ceil(STATES.length / 4);
  const given = device.createBuffer({ size: vec4s * 16, usage: STORAGE | COPY_DST });
  const found = device.createBuffer({ size: vec4s * 64, usage: STORAGE | COPY_SRC });
  const read = device.createBuffer({ size: vec4s * 64, usage: MAP_READ | COPY_DST });
  device.queue.writeBuffer(given, 0, STATES);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 8, resource: { buffer: given } },
        { binding: 9, resource: { buffer: found } },
      ],
    }),
  );
  pass.dispatchWorkgroups(vec4s);
  pass.end();
  encoder.copyBufferToBuffer(found, 0, read, 0, vec4s * 64);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(GPUMapMode.READ);
  const out = new Float32Array(read.getMappedRange().slice(0));
  for (const buffer of [given, found, read]) buffer.destroy();
  return out;
}

type Unit = { readonly rho: number; readonly slope: number; readonly conjugate: number };

/** From 200 digits where the degree is whole, else from float64. */
function truth(activation: ElementwiseActivation, state: number): Unit {
  if (activation.kind !== 'rectified-polynomial' || Number.isInteger(activation.degree)) {
    const exact = exactActivation(activation, state);
    return {
      rho: nearest(exact.rho),
      slope: nearest(exact.slope),
      conjugate: nearest(exact.conjugate),
    };
  }
  const s = Float64Array.of(state);
  const out = new Float64Array(1);
  activate(activation, s, out, 0, 1);
  return {
    rho: out[0] ?? NaN,
    slope: slope(activation)(state),
    conjugate: conjugate(activation, s, 0, 1),
  };
}

test.each(ACTIVATIONS)('%o keeps its digits in float32', async (activation) => {
  const found = await compute(activation);
  for (const [i, state] of STATES.entries()) {
    const at = Math.floor(i / 4) * 16 + (i % 4);
    // The argument of exp is rounded, which e^−x shows x times, and WGSL allows exp 3 + 2x last bits.
    const exponent = Math.min(Math.abs((activation.kind === 'tanh' ? 2 * activation.gain : 4) * state), 104);
    const bound =
      EPSILON * (activation.kind === 'tanh' || activation.kind === 'sigmoid' ? 8 + 3 * exponent : 8);
    const right = truth(activation, state);
    for (const [k, [name, value]] of Object.entries(right).entries()) {
      if (Math.abs(value) > LARGEST) continue;
      // The conjugate of the sigmoid passes through zero, and there keeps the digits of its two terms.
      const absolute = name === 'conjugate' && activation.kind === 'sigmoid' ? EPSILON : 2 * SMALLEST;
      const got = found[at + 4 * k] ?? NaN;
      expect(Math.abs(got - value), `${name}(${state}) is ${got}, not ${value}`).toBeLessThanOrEqual(
        bound * Math.abs(value) + absolute,
      );
    }
    if (!hasLocalRoot(activation) || activation.kind === 'identity') continue;
    const root = localRoot(activation)(state);
    // ρ′ at the root is off by as much as the exponent there says, up to ln |C|, which the root divides by its own growth.
    expect(
      Math.abs((found[at + 12] ?? NaN) - root),
      `the root for ${state} is ${found[at + 12]}, not ${root}`,
    ).toBeLessThanOrEqual(16 * EPSILON * Math.abs(root) + 2 * SMALLEST);
  }
});
