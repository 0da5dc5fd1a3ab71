import { describe, expect, it } from 'vitest';
import { createCpuEngine } from '../../engine/cpu/cpu-engine';
import type { Preference } from '../../engine/choose';
import type { Engine } from '../../engine/engine';
import { createNetwork } from '../../network/network';
import { EngineHost } from './engine-host';

const CPU = await createCpuEngine();

/** The CPU engine, which its test can take away. */
function losable(): {
  readonly engine: Engine;
  readonly lose: (why: string) => void;
  readonly destroyed: () => boolean;
} {
  let lose: (why: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => (lose = resolve));
  let gone = false;
  const destroy = (): void => {
    gone = true;
  };
  const engine: Engine = { info: CPU.info, lost, load: (network) => CPU.load(network), destroy };
  return { engine, lose, destroyed: () => gone };
}

function hostOf() {
  const made: ReturnType<typeof losable>[] = [];
  const asked: Preference[] = [];
  const host = new EngineHost((preference) => {
    asked.push(preference);
    const next = losable();
    made.push(next);
    return Promise.resolve({ engine: next.engine, reason: 'test', failed: false });
  });
  return { host, made, asked };
}

function nextReady(host: EngineHost): Promise<string> {
  return new Promise((resolve) => {
    const stop = host.listen((event) => {
      if (event.kind !== 'ready') return;
      stop();
      resolve(event.chosen.reason);
    });
  });
}

describe('the engine host', () => {
  it('replaces a lost engine, says so, and destroys what is left of it', async () => {
    const { host, made } = hostOf();
    const first = await host.current();
    const gone: string[] = [];
    host.listen((event) => {
      if (event.kind === 'gone' && event.lost) gone.push(event.reason);
    });
    const ready = nextReady(host);
    made[0]!.lose('unplugged');
    expect(await ready).toBe('the CPU engine was lost and came back; test');
    expect((await host.current()).engine).not.toBe(first.engine);
    expect(gone).toEqual(['unplugged']);
    expect(made[0]!.destroyed()).toBe(true);
  });

  it('goes over to the CPU at the second loss within two minutes', async () => {
    const { host, made, asked } = hostOf();
    await host.current();
    for (let i = 0; i < 2; i++) {
      const ready = nextReady(host);
      made[i]!.lose('unplugged');
      await ready;
    }
    expect(asked).toEqual(['auto', 'auto', 'cpu']);
  });

  it('keeps the network that was loaded last', async () => {
    const { host } = hostOf();
    const { engine } = await host.current();
    const network = createNetwork([{ name: 'only', units: 1, activation: { kind: 'identity' } }], []);
    const loaded = await host.load(engine, network);
    expect(await host.load(engine, network)).toBe(loaded);
    const other = createNetwork(network.layers, []);
    expect(await host.load(engine, other)).not.toBe(loaded);
  });
});
