/** The whole bench: everyone on one adapter, in one page, one after the other. */
import type { Network } from '../src/network/network';
import { createAttractor, createOwnEngine } from './attractor';
import { measureCeilings } from './ceilings';
import { WrongOutput } from './check';
import type { Contestant, ContestantName, Work } from './contestant';
import { browserName } from './cpu/page-host';
import { measure, type Competitor } from './measure';
import { networkName, SELDOM, type BenchOptions } from './options';
import { RECORD_FORMAT, RECORD_VERSION, type BenchRecord, type BenchRow } from './record';
import { createTensorFlow, startTensorFlow, tensorFlowVersion } from './tensorflow';
import { javascript } from './typed-arrays';
import { createInput, createWorkload } from './workload';

/** Iterations that a solve to tolerance may take: many more than it needs. */
const LIMIT = 1000;

/** Told what is being done, in words for the person. */
export type Progress = (what: string) => void;

/**
 * Measures everything.
 * @throws WrongOutput when outputs are wrong, EngineError where there is no WebGPU, the signal's reason when it aborts
 */
export async function runBench(
  options: BenchOptions,
  signal: AbortSignal,
  progress: Progress,
): Promise<BenchRecord> {
  if (!('gpu' in navigator)) throw new Error('this browser has no WebGPU');
  progress('starting');
  const own = await createOwnEngine(navigator.gpu);
  const tensors = await startTensorFlow();
  const spare = await createDevice(navigator.gpu);
  oneAdapter([own.device, tensors, spare]);
  try {
    const { adapter = 'GPU', software } = own.engine.info;
    progress('measuring what the adapter can do at best');
    const ceilings = await measureCeilings(spare, software, signal);
    const contestants: readonly Contestant<ContestantName>[] = [
      createAttractor('attractor', own),
      createAttractor('attractor-again', own),
      createTensorFlow('tfjs-every-1', 1, tensors),
      createTensorFlow('tfjs-every-8', SELDOM, tensors),
      javascript,
    ];
    const rows: BenchRow[] = [];
    for (const units of options.networks) {
      const network = createWorkload(units, options.seed);
      rows.push(...(await measureNetwork(network, units, contestants, options, signal, progress)));
    }
    return {
      format: RECORD_FORMAT,
      version: RECORD_VERSION,
      app: { version: __APP_VERSION__, tfjs: tensorFlowVersion },
      measuredAt: new Date().toISOString(),
      adapter: { name: adapter, software },
      machine: {
        browser: browserName(),
        cores: navigator.hardwareConcurrency,
        timerMicroseconds: smallestStep(),
      },
      options,
      ceilings,
      rows,
    };
  } finally {
    own.engine.destroy();
    spare.destroy();
  }
}

async function measureNetwork(
  network: Network,
  units: readonly number[],
  contestants: readonly Contestant<ContestantName>[],
  options: BenchOptions,
  signal: AbortSignal,
  progress: Progress,
): Promise<BenchRow[]> {
  const competitors: Competitor<ContestantName>[] = [];
  try {
    for (const contestant of contestants) {
      competitors.push({ contestant, prepared: await contestant.prepare(network), against: 0 });
    }
    const rows: BenchRow[] = [];
    for (const batch of options.batches) {
      const input = createInput(batch, units[0] ?? 0, options.seed + 1);
      const works: Readonly<Record<BenchRow['kind'], Work>> = {
        fixed: { batch, input, tolerance: 0, limit: options.iterations },
        solve: { batch, input, tolerance: options.tolerance, limit: LIMIT },
      };
      for (const kind of ['fixed', 'solve'] as const) {
        const about = `${networkName(units)}, batch ${batch}, ${kind}`;
        const { results, unconverged } = await measure(
          network,
          works[kind],
          competitors,
          options.rounds,
          signal,
          (what) => progress(`${about}: ${what}`),
        );
        if (unconverged.length > 0)
          throw new WrongOutput(`${unconverged.join(', ')}: no equilibrium was found`);
        rows.push({ network: [...units], batch, kind, results: [...results] });
      }
    }
    return rows;
  } finally {
    for (const { prepared } of competitors) prepared.destroy();
  }
}

/** A device for the ceilings, with everything that the adapter allows. */
async function createDevice(gpu: GPU): Promise<GPUDevice> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('WebGPU is here, but offers no adapter');
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  return adapter.requestDevice({
    label: 'ceilings',
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
}

/** @throws Error when the devices are not of one adapter, as far as the browser tells */
function oneAdapter(devices: readonly GPUDevice[]): void {
  const names = devices.map(({ adapterInfo: { vendor, architecture, device, description } }) =>
    [vendor, architecture, device, description].join(' '),
  );
  if (new Set(names).size > 1) throw new Error(`the contestants got different adapters: ${names.join(', ')}`);
}

/** The smallest step of the clock, µs. */
function smallestStep(): number {
  let least = Infinity;
  for (let i = 0; i < 20; i++) {
    const began = performance.now();
    let now = began;
    while (now === began) now = performance.now();
    least = Math.min(least, now - began);
  }
  return least * 1000;
}
