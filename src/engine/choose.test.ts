import { describe, expect, it } from 'vitest';
import { chooseEngine, type WebGpuWish } from './choose';
import { createCpuEngine } from './cpu/cpu-engine';
import { EngineError, NoWebGpu, type Engine, type EngineInfo } from './engine';

const CPU = await createCpuEngine();

/** The CPU engine under the name of a GPU's, and whether it was freed. */
function named(info: EngineInfo): { readonly engine: Engine; readonly freed: () => boolean } {
  let freed = false;
  const destroy = (): void => {
    freed = true;
  };
  return {
    engine: { info, lost: new Promise(() => undefined), load: (network) => CPU.load(network), destroy },
    freed: () => freed,
  };
}

const GPU: EngineInfo = { kind: 'webgpu', precision: 'float32', adapter: 'card', software: false };
const cpu = (): Promise<Engine> => createCpuEngine();
const after = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('the choice of an engine', () => {
  it.each(['auto', 'webgpu'] as const)(
    '%s is on the CPU when the GPU does not answer, and frees one that comes late',
    async (preference) => {
      const late = named(GPU);
      const webgpu = async ({ signal }: WebGpuWish): Promise<Engine> => {
        await after(60);
        expect(signal.aborted).toBe(true);
        return late.engine;
      };
      const { engine, reason, failed } = await chooseEngine(preference, { cpu, webgpu }, 20);
      expect([engine.info.kind, reason, failed]).toEqual([
        'cpu',
        'the GPU did not answer within 0.02 s',
        true,
      ]);
      await after(80);
      expect(late.freed()).toBe(true);
    },
  );

  it('waits for a GPU that has answered and compiles, and frees the CPU engine that stood ready', async () => {
    const gpu = named(GPU);
    const spare = named({ kind: 'cpu', precision: 'float32', software: true });
    const choice = await chooseEngine(
      'auto',
      {
        cpu: () => Promise.resolve(spare.engine),
        webgpu: async ({ answered }) => {
          answered();
          await after(60);
          return gpu.engine;
        },
      },
      20,
    );
    expect(choice.engine).toBe(gpu.engine);
    expect([gpu.freed(), spare.freed()]).toEqual([false, true]);
  });

  it('takes a software adapter only where it is asked for', async () => {
    const wishes: boolean[] = [];
    const webgpu = ({ hardwareOnly }: WebGpuWish): Promise<Engine> => {
      wishes.push(hardwareOnly);
      return Promise.resolve(named(GPU).engine);
    };
    for (const preference of ['auto', 'webgpu'] as const) await chooseEngine(preference, { cpu, webgpu });
    expect(wishes).toEqual([true, false]);
  });

  it('is on the CPU, with the reason, where there is no WebGPU or it fails', async () => {
    const none = await chooseEngine('auto', { cpu, webgpu: () => Promise.reject(new NoWebGpu('none')) }, 20);
    expect([none.engine.info.kind, none.reason, none.failed]).toEqual(['cpu', 'none', false]);
    const fails = (): Promise<Engine> => Promise.reject(new EngineError('no room'));
    const broken = await chooseEngine('auto', { cpu, webgpu: fails });
    expect([broken.engine.info.kind, broken.reason, broken.failed]).toEqual(['cpu', 'no room', true]);
  });
});
