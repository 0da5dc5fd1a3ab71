/**
 * Which engine serves. A GPU does, wherever there is one; a software adapter only when it is faster than the
 * CPU engine here, which a short measurement decides.
 */
import { createNetwork } from '../network/network';
import type { Query } from '../network/query';
import type { Engine, EngineKind } from './engine';

export type Preference = 'auto' | EngineKind;

export type Choice = {
  readonly engine: Engine;
  /** One sentence for the person: why this engine. */
  readonly reason: string;
};

export type EngineMakers = {
  readonly cpu: () => Promise<Engine>;
  /** Rejects, with the reason, where there is no WebGPU. */
  readonly webgpu: () => Promise<Engine>;
};

/** The engine that is asked for, or the better one; CPU with the reason when WebGPU cannot be had. */
export async function chooseEngine(preference: Preference, make: EngineMakers): Promise<Choice> {
  if (preference === 'cpu') return { engine: await make.cpu(), reason: 'chosen by you' };
  let gpu: Engine;
  try {
    gpu = await make.webgpu();
  } catch (error) {
    return { engine: await make.cpu(), reason: error instanceof Error ? error.message : String(error) };
  }
  if (preference === 'webgpu') return { engine: gpu, reason: 'chosen by you' };
  if (!gpu.info.software) return { engine: gpu, reason: 'this browser offers a GPU' };
  const cpu = await make.cpu();
  const [onGpu, onCpu] = [await milliseconds(gpu), await milliseconds(cpu)];
  const [engine, other] = onGpu < onCpu ? [gpu, cpu] : [cpu, gpu];
  other.destroy();
  const times = (Math.max(onGpu, onCpu) / Math.min(onGpu, onCpu)).toFixed(1);
  return {
    engine,
    reason:
      engine === gpu
        ? `the adapter is software, yet ${times} times faster than the CPU engine here`
        : `the adapter (${gpu.info.adapter ?? 'unnamed'}) is software and ${times} times slower than the CPU engine here`,
  };
}

const PROBE_UNITS = [784, 64] as const;
const PROBE_STATES = 8;

/** The better of two runs of a small fixed network, ms: the first may pay for what is done only once. */
async function milliseconds(engine: Engine): Promise<number> {
  const network = createNetwork(
    PROBE_UNITS.map((units, l) => ({ name: `probe ${l}`, units, activation: { kind: 'tanh', gain: 1 } })),
    [{ from: 0, to: 1, weights: new Float32Array(PROBE_UNITS[0] * PROBE_UNITS[1]).fill(1e-3) }],
  );
  const query: Query = {
    batch: 1,
    start: network.layers.map(({ units }) => new Float32Array(units).fill(0.5)),
    clamped: [false, false],
  };
  const loaded = await engine.load(network);
  let best = Infinity;
  for (let i = 0; i < 2; i++) {
    const run = await loaded.start(query, {
      schedule: 'even-odd',
      solver: { kind: 'picard', damping: 0 },
      tolerance: Number.MIN_VALUE,
      iterationLimit: PROBE_STATES,
    });
    const began = performance.now();
    await run.advance(PROBE_STATES);
    best = Math.min(best, performance.now() - began);
    run.destroy();
  }
  loaded.destroy();
  return best;
}
