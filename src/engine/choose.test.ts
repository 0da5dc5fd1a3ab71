import { describe, expect, it } from 'vitest';
import { chooseEngine, NoWebGpu } from './choose';
import { createCpuEngine } from './cpu/cpu-engine';
import { EngineError, type Engine, type EngineInfo } from './engine';

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
      const webgpu = async (signal: AbortSignal): Promise<Engine> => {
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
        webgpu: async (_, answered) => {
          answered(GPU);
          await after(60);
          return gpu.engine;
        },
      },
      20,
    );
    expect(choice.engine).toBe(gpu.engine);
    expect([gpu.freed(), spare.freed()]).toEqual([false, true]);
  });

  it('does not call it a failure when a software adapter is slow, or when there is no WebGPU', async () => {
    const software: EngineInfo = { ...GPU, adapter: 'soft', software: true };
    const slow = await chooseEngine(
      'auto',
      {
        cpu,
        webgpu: (_, answered) => {
          answered(software);
          return new Promise(() => undefined);
        },
      },
      20,
    );
    expect([slow.reason, slow.failed]).toEqual([
      'the adapter (soft) is software and was not ready within 0.02 s',
      false,
    ]);
    const none = await chooseEngine('auto', { cpu, webgpu: () => Promise.reject(new NoWebGpu('none')) }, 20);
    expect([none.engine.info.kind, none.reason, none.failed]).toEqual(['cpu', 'none', false]);
  });

  it('is on the CPU, with the reason, when the measurement runs out of memory', async () => {
    const gpu = named({ ...GPU, software: true });
    const engine: Engine = { ...gpu.engine, load: () => Promise.reject(new EngineError('no room')) };
    const choice = await chooseEngine('auto', { cpu, webgpu: () => Promise.resolve(engine) });
    expect([choice.engine.info.kind, choice.reason, choice.failed]).toEqual(['cpu', 'no room', true]);
    await after(0);
    expect(gpu.freed()).toBe(true);
  });

  it('measures a software adapter once, and then stays with what it chose', async () => {
    const kept = new Map<string, number>();
    const memory = {
      recall: (adapter: string) => kept.get(adapter),
      keep: (adapter: string, timesFaster: number) => void kept.set(adapter, timesFaster),
    };
    const choose = async (): Promise<readonly [string, string]> => {
      const gpu = named({ ...GPU, adapter: 'soft', software: true });
      const choice = await chooseEngine(
        'auto',
        { cpu, webgpu: () => Promise.resolve(gpu.engine) },
        Infinity,
        memory,
      );
      return [choice.engine === gpu.engine ? 'gpu' : 'cpu', choice.reason];
    };
    await choose();
    expect([...kept.keys()]).toEqual(['soft']);
    for (const [timesFaster, chosen, words] of [
      [0.25, 'cpu', '4.0 times slower than the CPU engine here when it was measured'],
      [1.5, 'cpu', 'no more than 1.5 times faster than'],
      [3, 'gpu', 'yet 3.0 times faster than'],
    ] as const) {
      kept.set('soft', timesFaster);
      const [engine, reason] = await choose();
      expect(engine).toBe(chosen);
      expect(reason).toContain(words);
      expect(kept.get('soft')).toBe(timesFaster);
    }
  });
});
