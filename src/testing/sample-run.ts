/** A small finished run for the tests of the formats: three memories of 3 × 3 pixels. */
import type { MemorySet } from '../patterns/picture';
import type { ModelRun, RunRecord } from '../records/run-record';

const glyphs = { cross: '-#-###-#-', ring: '####-####', 'β ξ ρ': '#--#--###' };

const set: MemorySet = {
  name: 'Signs',
  width: 3,
  height: 3,
  memories: Object.entries(glyphs).map(([name, glyph]) => ({
    name,
    picture: { width: 3, height: 3, values: Float32Array.from(glyph, (c) => (c === '#' ? 1 : -1)) },
  })),
};

export const sampleRun: RunRecord = {
  name: 'Run 1',
  startedAt: '2030-01-31T12:00:00.000Z',
  engine: { kind: 'webgpu', precision: 'float32', adapter: 'SwiftShader', software: true },
  memory: { kind: 'dense', gain: 1, degree: 3 },
  networkHash: '0123456789abcdef'.repeat(4),
  set,
  cue: {
    picture: { width: 3, height: 3, values: Float32Array.of(-1, 0.1, -1, 1, 1, 0.5, -1.25, 1, -1) },
    memoryStart: 'best',
    held: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 1),
    memory: 'cross',
    corruption: { kind: 'gaussian', amount: 0.2, seed: 4_294_967_295 },
  },
  settings: {
    schedule: 'even-odd',
    solver: { kind: 'picard', damping: 0.25 },
    tolerance: 1e-4,
    iterationLimit: 200,
  },
  freeUnits: 10,
  trace: {
    energy: [-12.25, -40.5, -45.625],
    mapResidual: [0.75, 0.0625, 0],
    stepResidual: [NaN, 0.5, 0.03125],
    mu: [NaN, NaN, 0.25],
    milliseconds: [0, 1.5, 2.75],
  },
  stop: { reason: 'converged', iterations: 2 },
  verdict: { kind: 'recalled', memory: 'cross', overlap: 0.9975 },
  finalState: [Float32Array.of(-1, 1, -1, 1, 1, 1, -1, 1, -1), Float32Array.of(9, 0.3, -2)],
};

/** The same, as a trained network's. */
export const sampleModelRun: ModelRun = (() => {
  const { memory: _, networkHash: __, set: ___, cue: ____, verdict: _____, ...solve } = sampleRun;
  return {
    ...solve,
    model: 'three-layer HAM',
    dynamics: 'ham',
    input: new Float32Array(9),
    start: 'learned',
    digit: 'drawing',
  };
})();
