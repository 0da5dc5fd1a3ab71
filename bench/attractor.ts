/** Our own engine, by its public face. */
import { solve } from '../src/engine/solve';
import { createWebGpuEngine } from '../src/engine/webgpu/webgpu-engine';
import type { Engine } from '../src/engine/engine';
import { inputQuery } from '../src/network/query';
import type { Network } from '../src/network/network';
import type { SolveSettings } from '../src/solve/settings';
import type { AnyContestantName, Contestant, Outcome, Prepared, Work } from './contestant';

/** The settings of a piece of work, for any of our engines. */
export function settingsOf({ tolerance, limit }: Work): SolveSettings {
  return {
    schedule: 'even-odd',
    solver: { kind: 'picard', damping: 0 },
    // Nothing but a residual of 0 is below the smallest number.
    tolerance: tolerance === 0 ? Number.MIN_VALUE : tolerance,
    iterationLimit: limit,
  };
}

class PreparedAttractor implements Prepared {
  private constructor(
    private readonly network: Network,
    private readonly loaded: Awaited<ReturnType<Engine['load']>>,
    private readonly settings: (work: Work) => SolveSettings,
  ) {}

  static async create(
    engine: Engine,
    network: Network,
    settings: (work: Work) => SolveSettings,
  ): Promise<PreparedAttractor> {
    return new PreparedAttractor(network, await engine.load(network), settings);
  }

  async solve(work: Work): Promise<Outcome> {
    const { stops, states } = await solve(
      this.loaded,
      inputQuery(this.network, work.input, work.batch),
      this.settings(work),
    );
    return {
      states: states.slice(1).map((layer) => Float32Array.from(layer)),
      iterations: stops.map((stop) => stop.iterations),
    };
  }

  destroy(): void {
    this.loaded.destroy();
  }
}

export type OwnEngine = { readonly engine: Engine; readonly device: GPUDevice };

/**
 * Our engine, and the device that it made for itself.
 * @throws EngineError where there is no WebGPU adapter that serves
 */
export async function createOwnEngine(gpu: GPU): Promise<OwnEngine> {
  const devices: GPUDevice[] = [];
  const engine = await createWebGpuEngine(watched(gpu, (device) => devices.push(device)));
  const device = devices.at(-1);
  if (!device) throw new Error('the engine made no device');
  return { engine, device };
}

/** The same GPU, which tells of each device that its adapters make. */
function watched(gpu: GPU, onDevice: (device: GPUDevice) => void): GPU {
  return {
    __brand: 'GPU',
    wgslLanguageFeatures: gpu.wgslLanguageFeatures,
    getPreferredCanvasFormat: () => gpu.getPreferredCanvasFormat(),
    async requestAdapter(options) {
      const adapter = await gpu.requestAdapter(options);
      if (!adapter) return null;
      const request = adapter.requestDevice.bind(adapter);
      adapter.requestDevice = async (descriptor) => {
        const device = await request(descriptor);
        onDevice(device);
        return device;
      };
      return adapter;
    },
  };
}

/** @param settings what is asked of the engine for a piece of work */
export function createAttractor<Name extends AnyContestantName>(
  name: Name,
  { engine, device }: Pick<OwnEngine, 'engine'> & { readonly device: GPUDevice | null },
  settings = settingsOf,
): Contestant<Name> {
  return { name, device, prepare: (network) => PreparedAttractor.create(engine, network, settings) };
}
