/** What the shaders make of one unit, from 1e-38 to 1e38, against 200 digits. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import activationWgsl from '../../../shaders/activation.wgsl?raw';
import dynamicsWgsl from '../../../shaders/dynamics.wgsl?raw';
import type { ElementwiseActivation } from '../../network/activation';
import {
  EPSILON,
  float32Allowance,
  LARGEST,
  SMALLEST,
  UNIT_ACTIVATIONS,
  UNIT_STATES,
  unitTruth,
} from '../../testing/exact-unit';
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
  const vec4s = Math.ceil(UNIT_STATES.length / 4);
  const given = device.createBuffer({ size: vec4s * 16, usage: STORAGE | COPY_DST });
  const found = device.createBuffer({ size: vec4s * 64, usage: STORAGE | COPY_SRC });
  const read = device.createBuffer({ size: vec4s * 64, usage: MAP_READ | COPY_DST });
  device.queue.writeBuffer(given, 0, UNIT_STATES);
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

test.each(UNIT_ACTIVATIONS)('%o keeps its digits in float32', async (activation) => {
  const found = await compute(activation);
  for (const [i, state] of UNIT_STATES.entries()) {
    const at = Math.floor(i / 4) * 16 + (i % 4);
    for (const [k, quantity] of (['rho', 'slope', 'conjugate'] as const).entries()) {
      const value = unitTruth(activation, state)[quantity];
      if (Math.abs(value) > LARGEST) continue;
      const got = found[at + 4 * k] ?? NaN;
      expect(Math.abs(got - value), `${quantity}(${state}) is ${got}, not ${value}`).toBeLessThanOrEqual(
        float32Allowance(activation, state, quantity, value),
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
