/** `attractor study`: every solver and schedule on trained networks, counted. */
import { writeFile } from 'node:fs/promises';
import { createReferenceEngine } from '../engine/reference/reference-engine';
import type { Engine, LoadedNetwork } from '../engine/engine';
import { equilibria, studyBlock, type StudyDigit } from '../experiments/solver-study-block';
import { iterationsOf, studyCases, type StudyCase, type StudyModel } from '../experiments/solver-study-cases';
import { relativeDistance } from '../experiments/solver-study-counts';
import { pixels } from '../experiments/solver-study-models';
import { studyPage, summarise, type StudyRow } from '../experiments/solver-study-table';
import type { Floats } from '../numbers/floats';
import { inputQuery } from '../network/query';
import { InputError } from './input-error';
import type { CommandIo } from './io';
import { pickEngine } from './pick-engine';
import type { StudyArguments } from './study-arguments';
import { loadDigits, loadStudyModel, StudyCache, type Digits, type StoredModel } from './study-files';

/** Digits that are run together, and kept together. */
const BLOCK = 100;

/** How far float64 equilibria may be from the stored ones, relatively: those were stopped by a tolerance too. */
const FIXED_POINT_TOLERANCE = 1e-6;

/** @throws InputError when a file cannot be used, EngineError when the engine cannot go on. */
export async function studyCommand(args: StudyArguments, io: CommandIo): Promise<void> {
  const digits = await loadDigits(args.mnist, io);
  const cache = await StudyCache.open(args.cache);
  const engine = await pickEngine(args.engine, 'float32', io.gpu, {
    most: args.threads,
    start: io.startWorker,
  });
  const float64 = createReferenceEngine();
  const rows: StudyRow[] = [];
  try {
    for (const model of args.models) {
      const stored = await loadStudyModel(args.golden, model);
      const exact = await float64.load(stored.network);
      await checkFixedPoints(model, stored, exact, digits);
      const counted = await countModel({ args, io, digits, cache, engine, model, stored, exact });
      for (const each of studyCases(model)) {
        const summary = summarise(
          model,
          each,
          counted.get(each) ?? [],
          digits.labels.subarray(args.first, args.first + args.digits),
        );
        rows.push({ model, case: each, summary });
      }
      exact.destroy();
    }
  } finally {
    float64.destroy();
    engine.destroy();
  }
  const page = studyPage(rows, {
    command: commandOf(args),
    digits: `MNIST test digits ${args.first} to ${args.first + args.digits - 1}`,
    engine: `the ${engine.info.kind === 'cpu' ? 'CPU' : 'WebGPU'} engine in float32`,
  });
  if (args.out === undefined) io.out(page);
  else await writeFile(args.out, page);
}

/** Whether the network, the digits and the stored equilibria belong together. */
async function checkFixedPoints(
  { name }: StudyModel,
  { network, fixedPoints }: StoredModel,
  exact: LoadedNetwork,
  { images, width }: Digits,
): Promise<void> {
  if (!fixedPoints) return;
  const query = inputQuery(network, pixels(images, width, 0, fixedPoints.digits), fixedPoints.digits);
  const states = await equilibria(exact, network, query);
  const free = network.layers.slice(1).reduce((sum, { units }) => sum + units, 0);
  for (let digit = 0; digit < fixedPoints.digits; digit++) {
    const ours = network.layers
      .slice(1)
      .flatMap(({ units }, i) => [...(states[i + 1] ?? []).slice(digit * units, (digit + 1) * units)]);
    const off = relativeDistance([ours], [fixedPoints.values.slice(digit * free, (digit + 1) * free)], 0, [
      { layer: 0, units: free },
    ]);
    if (off < FIXED_POINT_TOLERANCE) continue;
    throw new InputError(
      `${name}.npz and the MNIST files do not belong together: the equilibrium of test digit ${digit} is off by ${off.toExponential(1)}`,
    );
  }
}

type Count = {
  readonly args: StudyArguments;
  readonly io: CommandIo;
  readonly digits: Digits;
  readonly cache: StudyCache;
  readonly engine: Engine;
  readonly model: StudyModel;
  readonly stored: StoredModel;
  readonly exact: LoadedNetwork;
};

/** Counts block by block, so that each block's equilibria are looked for once. */
async function countModel(count: Count): Promise<ReadonlyMap<StudyCase, readonly StudyDigit[]>> {
  const { args, io, digits, cache, engine, model, exact } = count;
  const { network } = count.stored;
  const cases = studyCases(model);
  const counted = new Map(cases.map((each) => [each, [] as StudyDigit[]]));
  const loaded = await engine.load(network);
  const end = args.first + args.digits;
  for (let first = args.first; first < end; first += BLOCK) {
    const batch = Math.min(BLOCK, end - first);
    const query = inputQuery(network, pixels(digits.images, digits.width, first, batch), batch);
    let truth: readonly Floats[] | null = null;
    for (const each of cases) {
      const iterations = iterationsOf(model, each);
      const key = [model.name, engine.info.kind, each.id, iterations, first, batch].join(' ');
      let found = cache.get(key);
      if (!found) {
        io.signal.throwIfAborted();
        io.progress?.(
          `${model.name}, digits ${first} to ${first + batch - 1}: ${each.schedule}, ${each.solver}`,
        );
        truth ??= await equilibria(exact, network, query);
        found = await studyBlock(loaded, exact, network, query, truth, each, iterations);
        await cache.add(key, found);
        // The CPU engine answers without pause; Ctrl-C gets its turn here.
        await new Promise((resolve) => setImmediate(resolve));
      }
      counted.get(each)?.push(...found);
    }
  }
  loaded.destroy();
  return counted;
}

/** The command as a person would type it, without folders of one machine. */
function commandOf({ digits, first, models, engine, out }: StudyArguments): string {
  return [
    'npm run --silent attractor -- study --golden GOLDEN --mnist MNIST',
    `--digits ${digits}`,
    ...(first > 0 ? [`--first ${first}`] : []),
    ...(models.length < 3 ? [`--models ${models.map(({ name }) => name).join()}`] : []),
    `--engine ${engine}`,
    ...(out ? [`--out ${out}`] : []),
  ].join(' ');
}
