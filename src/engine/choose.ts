/**
 * Which engine serves. A GPU does, wherever there is one. A software adapter is the processor itself, of which the CPU
 * engine makes several times as much, so one serves only where it is asked for.
 */
import { NoWebGpu, type Engine, type EngineKind } from './engine';
import { within } from './within';

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
  /** Rejects, with the reason, where there is no WebGPU. */
  readonly webgpu: (wish: WebGpuWish) => Promise<Engine>;
};

export type WebGpuWish = {
  /** Whether an adapter that is software will not do: then nothing more is asked of it, which takes its time. */
  readonly hardwareOnly: boolean;
  /** What is not ready when it aborts is not wanted any more. */
  readonly signal: AbortSignal;
  /** Told once the device has answered, before its kernels are compiled. */
  readonly answered: () => void;
};

/** Milliseconds that a GPU which has answered may take to compile its kernels. */
const COMPILING = 20_000;

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`;

/**
 * The engine that is asked for, or the better one; CPU with the reason when WebGPU cannot be had.
 * @param patience milliseconds that a GPU may take to answer
 */
export async function chooseEngine(
  preference: Preference,
  make: EngineMakers,
  patience = Infinity,
): Promise<Choice> {
  if (preference === 'cpu') return { engine: await make.cpu(), reason: 'chosen by you', failed: false };
  const asked = preference === 'webgpu';
  let started: Promise<Engine> | undefined;
  const cpu = (): Promise<Engine> => (started ??= make.cpu());
  // Started beside the GPU, so that it is there when the patience ends.
  if (!asked && patience < Infinity) cpu().catch(() => undefined);
  const unwanted = new AbortController();
  let answered: () => void = () => undefined;
  const answer = new Promise<void>((resolve) => (answered = resolve));
  const gpu = make.webgpu({ hardwareOnly: !asked, signal: unwanted.signal, answered });
  try {
    await within(patience, Promise.race([answer, gpu]), `the GPU did not answer within ${seconds(patience)}`);
    const engine = await within(
      patience === Infinity ? Infinity : COMPILING,
      gpu,
      `the GPU was not ready within ${seconds(COMPILING)}`,
    );
    free(started);
    return { engine, reason: asked ? 'chosen by you' : 'this browser offers a GPU', failed: false };
  } catch (error) {
    unwanted.abort();
    free(gpu);
    const reason = error instanceof Error ? error.message : String(error);
    return { engine: await cpu(), reason, failed: !(error instanceof NoWebGpu) };
  }
}

/** Frees an engine that is not wanted, whenever it comes. */
function free(engine: Promise<Engine> | undefined): void {
  engine?.then(
    (late) => late.destroy(),
    () => undefined,
  );
}
