/** `attractor study table2`: one unit after another, each trained, counted and kept. */
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import type { TrainingEngine } from '../engine/trainable';
import type { Examples } from '../data/examples';
import { writeResult, type Protocol, type Table2Result } from '../experiments/table2/record';
import { trainingPlan, unitsOf, type Unit } from '../experiments/table2/training';
import { trajectories } from '../experiments/table2/trajectories';
import { initialNetwork } from '../train/initial-network';
import { BEGINNING } from '../train/epochs';
import { startLearner } from '../train/learner';
import { fingerprint } from '../train/training-plan';
import { checkFit, loadExamples, sourceName } from './digit-files';
import { InputError } from './input-error';
import type { CommandIo } from './io';
import { fileReason } from './solve-files';
import type { Table2Arguments } from './table2-arguments';
import { readResultFile } from './table2-results';
import { resume, trainToFile } from './training';
import { writeWhole } from './whole-file';

/** The file of a unit's result. */
const resultName = ({ configuration: { name }, seed }: Unit): string => `${name}-seed-${seed}.json`;

/**
 * @throws InputError when an argument or file cannot be used, LearningError when states leave the numbers, StoppedError when the signal
 *   aborts: what was done is kept
 */
export async function table2Command(args: Table2Arguments, io: CommandIo): Promise<void> {
  const units = unitsOf(args.configurations, args.seeds, args.forward, args.shard);
  if (args.dryRun) {
    for (const unit of units) io.out(`${resultName(unit)}\n`);
    return;
  }
  const [examples, test] = [await loadExamples(args.source, io), await loadExamples(args.test, io)];
  const protocol: Protocol = {
    forward: args.forward,
    digits: args.source.kind,
    training: examples.count,
    test: test.count,
    epochs: args.epochs,
  };
  try {
    await mkdir(args.out, { recursive: true });
  } catch (error) {
    throw new InputError(`--out ${args.out}: ${fileReason(error)}`);
  }
  const engine = await createCpuEngine();
  try {
    for (const [i, unit] of units.entries()) {
      const path = join(args.out, resultName(unit));
      const name = `${unit.configuration.name}, seed ${unit.seed}`;
      if (await isThere(path, protocol)) {
        io.out(`${name}: there already\n`);
        continue;
      }
      const place = `${i + 1} of ${units.length}: ${name}`;
      const progress = (what: string): void => io.progress?.(`${place}: ${what}`);
      const result = await runUnit(unit, args, examples, test, engine, { ...io, progress });
      await writeWhole(path, writeResult({ ...result, protocol }));
      const { samples, correct } = result.trajectories;
      io.out(`${name}: ${((100 * correct) / samples).toFixed(2)} % right\n`);
    }
  } finally {
    engine.destroy();
  }
}

/** @throws InputError where there is a result of another study */
async function isThere(path: string, protocol: Protocol): Promise<boolean> {
  if (!(await readable(path))) return false;
  const theirs = JSON.stringify((await readResultFile(path)).protocol);
  if (theirs === JSON.stringify(protocol)) return true;
  throw new InputError(`${path} is of another study (${theirs}); name another folder with --out`);
}

async function runUnit(
  { configuration, seed }: Unit,
  { out, source, test: testSource, forward, epochs }: Table2Arguments,
  examples: Examples,
  test: Examples,
  engine: TrainingEngine,
  io: CommandIo,
): Promise<Omit<Table2Result, 'protocol'>> {
  const plan = trainingPlan(configuration, forward, seed);
  checkFit(examples, plan.sizes, sourceName(source));
  checkFit(test, plan.sizes, sourceName(testSource));
  if (examples.count < plan.batch)
    throw new InputError(
      `${sourceName(source)} holds ${examples.count} pictures, fewer than a batch of ${plan.batch}`,
    );
  const until = Math.min(configuration.epochs, epochs ?? Infinity);
  const settings = fingerprint(plan, { examples: examples.count, digits: source.kind });
  const name = createHash('sha256').update(settings).digest('hex').slice(0, 12);
  const checkpointOf = (epoch: number): string => join(out, `training-${name}-to-${epoch}.checkpoint`);
  const learner = await startLearner(engine, initialNetwork(plan.sizes, plan.dynamics, seed), plan);
  try {
    // Its own, or else the longest of the shorter ones.
    let position = BEGINNING;
    for (let epoch = until; epoch > 0 && position === BEGINNING; epoch--)
      if (await readable(checkpointOf(epoch)))
        position = await resume(checkpointOf(epoch), learner, settings);
    const training = { plan, settings, examples, until };
    await trainToFile(training, checkpointOf(until), learner, position, io);
    const counted = await learner.solving((loaded) =>
      trajectories(loaded, test, configuration, io.signal, (done) =>
        io.progress?.(`counting, ${done} of ${test.count}`),
      ),
    );
    return { configuration: configuration.name, seed, trajectories: counted };
  } finally {
    learner.destroy();
  }
}

const readable = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
