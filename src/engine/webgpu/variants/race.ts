/** Variants timed at the iterations of a run: real dispatches, on buffers of the run's own size. */
import type { SolveSettings } from '../../../solve/settings';
import { EngineError } from '../../engine';
import type { Clamps } from '../../state-zero';
import { uploadTables, type RunBuffers } from '../buffers';
import { prepareRun, type Prepared, type RunSource } from '../recorder';
import { Stopwatch } from './stopwatch';
import type { VariantName } from './variants';

/** Whoever has not been compiled after this long does not take part, ms, as long as another has. */
const COMPILING = 1000;
/** After this long nothing new is timed, ms. */
const PATIENCE = 200;
/** What one timing of all candidates should take, ms, and how often that is done. */
const ROUND = 40;
const ROUNDS = 3;
const MOST_ITERATIONS = 256;
/** A first look lasts at least this, ms, where so many iterations can: clocks are coarse. */
const FIRST_LOOK = 2;

type Candidate = { readonly variant: VariantName; readonly prepared: Prepared };

/**
 * The variant that goes through iterations fastest. Those that are three times slower than another at first sight are
 * not tried again.
 * @throws EngineError when the device has no room for the buffers, or compiles none of the variants
 */
export async function race(
  source: RunSource,
  clamps: readonly Clamps[],
  variants: readonly VariantName[],
): Promise<VariantName> {
  const compiled = new Map<VariantName, Prepared>();
  const entering = variants.map(async (variant) => {
    compiled.set(variant, await prepareRun(source, clamps, variant));
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, COMPILING);
  });
  await Promise.race([Promise.allSettled(entering), Promise.all([Promise.any(entering), patience])]);
  clearTimeout(timer);
  // Those that share most come first: where a batch takes long, they are the likeliest.
  const candidates = variants.toReversed().flatMap((variant): Candidate[] => {
    const prepared = compiled.get(variant);
    return prepared ? [{ variant, prepared }] : [];
  });
  const stopwatch = new Stopwatch(source.device, source.readback);
  try {
    return await fastest(candidates, ({ prepared }, iterations) =>
      time(source, prepared, stopwatch, iterations),
    );
  } finally {
    stopwatch.destroy();
  }
}

/** Milliseconds that so many iterations take. */
async function time(
  source: RunSource,
  prepared: Prepared,
  stopwatch: Stopwatch,
  iterations: number,
): Promise<number> {
  const { device, pool, query } = source;
  const { plan, shape } = prepared;
  const buffers = await pool.take(shape, plan);
  try {
    standStill(source, prepared, buffers);
    const recorder = prepared.recorderOn(buffers);
    await device.queue.onSubmittedWorkDone();
    device.pushErrorScope('validation');
    const timing = stopwatch.time((pass) => {
      recorder.iterate(pass, 0, iterations, query.batch);
    });
    const [milliseconds, fault] = await Promise.all([timing, device.popErrorScope()]);
    // Work that the device refused, because the network was unloaded say, takes no time.
    if (fault) throw new EngineError(`the race was broken off: ${fault.message}`);
    return milliseconds;
  } finally {
    pool.giveBack(buffers);
  }
}

/** A batch in which no unit is free: nothing moves, no sample ever stops, and every iteration is the same work. */
function standStill(
  { device, network, settings }: RunSource,
  { plan, shape }: Prepared,
  buffers: RunBuffers,
): void {
  const { queue } = device;
  const endless: SolveSettings = { ...settings, tolerance: -1, iterationLimit: 2 ** 31 };
  const atZero = Array.from({ length: shape.batch }, () => false);
  uploadTables(queue, buffers, network, endless, plan, shape, atZero);
  const encoder = device.createCommandEncoder({ label: 'stand still' });
  const { states, activity, unitConstants, terms, history } = buffers;
  for (const buffer of [states, activity, unitConstants, terms, history]) encoder.clearBuffer(buffer);
  queue.submit([encoder.finish()]);
}

async function fastest(
  candidates: readonly Candidate[],
  millisecondsOf: (candidate: Candidate, iterations: number) => Promise<number>,
): Promise<VariantName> {
  const times = new Map<Candidate, number>();
  const timed = async (candidate: Candidate, iterations: number): Promise<void> => {
    const each = (await millisecondsOf(candidate, iterations)) / iterations;
    times.set(candidate, Math.min(times.get(candidate) ?? Infinity, each));
  };
  const began = performance.now();
  const late = (): boolean => performance.now() - began > PATIENCE;
  for (const candidate of candidates) {
    if (times.size > 0 && late()) break;
    // The first time pays for what is done only once.
    await millisecondsOf(candidate, 1);
    let iterations = 1;
    let took = await millisecondsOf(candidate, 1);
    while (took < FIRST_LOOK && iterations < MOST_ITERATIONS) {
      iterations *= 2;
      took = await millisecondsOf(candidate, iterations);
    }
    times.set(candidate, took / iterations);
  }
  const best = Math.min(...times.values());
  const close = candidates.filter((candidate) => (times.get(candidate) ?? Infinity) < 3 * best);
  const repeats = Math.ceil(Math.min(ROUND / (close.length * best), MOST_ITERATIONS));
  times.clear();
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0 && late()) break;
    for (const candidate of close) await timed(candidate, repeats);
  }
  const [winner] = close.sort((a, b) => (times.get(a) ?? Infinity) - (times.get(b) ?? Infinity));
  if (!winner) throw new EngineError('the device compiles none of the kernels for products');
  return winner.variant;
}
