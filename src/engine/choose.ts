/**
 * Which engine serves. A GPU does, wherever there is one; a software adapter only when it is clearly faster than the
 * CPU engine here, which a short measurement decides, once for each adapter.
 */
import { createNetwork } from '../network/network';
import type { Query } from '../network/query';
import { EngineError, type Engine, type EngineInfo, type EngineKind } from './engine';
import { TooLate, within } from './within';

export type Preference = 'auto' | EngineKind;

export type Choice = {
  readonly engine: Engine;
  /** One sentence for the person: why this engine. */
  readonly reason: string;
  /** WebGPU was tried and failed, so that trying it again may help. */
  readonly failed: boolean;
};

export type EngineMakers = {
  readonly cpu: () => Promise<Engine>;
  /** Rejects, with the reason, where there is no WebGPU. What is not ready when `signal` aborts is not wanted any more. `answered` is told of a device that works, before its kernels are compiled. */
  readonly webgpu: (signal: AbortSignal, answered: (info: EngineInfo) => void) => Promise<Engine>;
};

/** What was measured before, so that the choice stays the same from one start to the next. */
export type SpeedMemory = {
  /** How many times faster than the CPU engine the adapter was, or undefined. */
  readonly recall: (adapter: string) => number | undefined;
  readonly keep: (adapter: string, timesFaster: number) => void;
};

const FORGETFUL: SpeedMemory = { recall: () => undefined, keep: () => undefined };

/** How many times faster than the CPU engine a software adapter must be: a short measurement may be off by half. */
const CLEARLY = 2;

/** There is no WebGPU here, and trying again would not change that. */
export class NoWebGpu extends EngineError {}

/** Milliseconds that a GPU which has answered may take to compile its kernels. */
const COMPILING = 20_000;

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`;

/**
 * The engine that is asked for, or the better one; CPU with the reason when WebGPU cannot be had.
 * @param patience milliseconds that WebGPU may take: a GPU to answer, a software adapter to be ready and measured
 */
export async function chooseEngine(
  preference: Preference,
  make: EngineMakers,
  patience = Infinity,
  memory = FORGETFUL,
): Promise<Choice> {
  if (preference === 'cpu') return { engine: await make.cpu(), reason: 'chosen by you', failed: false };
  let started: Promise<Engine> | undefined;
  const cpu = (): Promise<Engine> => (started ??= make.cpu());
  // Started beside the GPU, so that it is there when the patience ends.
  if (preference === 'auto' && patience < Infinity) cpu().catch(() => undefined);
  const unwanted = new AbortController();
  let software: string | undefined;
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const gpu = make.webgpu(unwanted.signal, (info) => {
    if (info.software) software = info.adapter ?? 'unnamed';
    if (!info.software || preference === 'webgpu') answer();
  });
  const choosing =
    preference === 'webgpu'
      ? gpu.then((engine): Choice => ({ engine, reason: 'chosen by you', failed: false }))
      : gpu.then((engine) => betterOne(engine, cpu, unwanted.signal, memory));
  try {
    await within(
      patience,
      Promise.race([choosing, answered]),
      `the GPU did not answer within ${seconds(patience)}`,
    );
    const choice = await within(
      patience === Infinity ? Infinity : COMPILING,
      choosing,
      `the GPU was not ready within ${seconds(COMPILING)}`,
    );
    if (choice.engine.info.kind !== 'cpu') free(started);
    return choice;
  } catch (error) {
    unwanted.abort();
    free(gpu);
    const engine = await cpu();
    if (software !== undefined && preference === 'auto' && error instanceof TooLate) {
      const reason = `the adapter (${software}) is software and was not ready within ${seconds(patience)}`;
      return { engine, reason, failed: false };
    }
    const reason = error instanceof Error ? error.message : String(error);
    return { engine, reason, failed: !(error instanceof NoWebGpu) };
  }
}

/** Frees an engine that is not wanted, whenever it comes. */
function free(engine: Promise<Engine> | undefined): void {
  engine?.then(
    (late) => late.destroy(),
    () => undefined,
  );
}

/** @throws where WebGPU fails while it is measured */
async function betterOne(
  gpu: Engine,
  makeCpu: () => Promise<Engine>,
  signal: AbortSignal,
  memory: SpeedMemory,
): Promise<Choice> {
  if (!gpu.info.software) return { engine: gpu, reason: 'this browser offers a GPU', failed: false };
  const adapter = gpu.info.adapter ?? 'unnamed';
  const before = memory.recall(adapter);
  const onGpu = before === undefined ? await milliseconds(gpu) : NaN;
  const cpu = await makeCpu();
  signal.throwIfAborted();
  const timesFaster = before ?? (await milliseconds(cpu)) / onGpu;
  signal.throwIfAborted();
  if (before === undefined) memory.keep(adapter, timesFaster);
  const when = before === undefined ? 'here' : 'here when it was measured';
  if (timesFaster >= CLEARLY) {
    const reason = `the adapter (${adapter}) is software, yet ${timesFaster.toFixed(1)} times faster than the CPU engine ${when}`;
    return { engine: gpu, reason, failed: false };
  }
  gpu.destroy();
  const slower =
    timesFaster < 1 / 1.05
      ? `${(1 / timesFaster).toFixed(1)} times slower`
      : `no more than ${timesFaster.toFixed(1)} times faster`;
  const reason = `the adapter (${adapter}) is software and ${slower} than the CPU engine ${when}`;
  return { engine: cpu, reason, failed: false };
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
