/** The whole bench of training: the same digits in the same order from the same network, by our trainer and by the authors' recipe in PyTorch. */
import { Command } from '@commander-js/extra-typings';
import { checkFit, loadExamples, sourceName } from '../../src/cli/digit-files';
import { addTrain, type TrainArguments } from '../../src/cli/train-arguments';
import { beginLearning } from '../../src/cli/train-command';
import { epochOrder, takeBatch, type Examples } from '../../src/data/examples';
import { createCpuEngine } from '../../src/engine/cpu/cpu-engine';
import { BETA, type Learner, type LearnerState } from '../../src/engine/learning';
import { initialNetwork } from '../../src/train/initial-network';
import { startLearner } from '../../src/train/learner';
import { measureCpuCeilings } from '../cpu/ceilings';
import { WrongOutput } from '../check';
import { titleOf } from '../contestant';
import { networkName } from '../options';
import { playRounds, type Player } from '../rounds';
import { pairedRatio, spread } from '../statistics';
import type { Learned, Lesson, PyTorchLearner, PyTorchParts, Recipe, TrainingHost } from './host';
import type { TrainingOptions } from './options';
import { clocked, PhaseClock } from './phases';
import {
  TRAINING_FORMAT,
  TRAINING_VERSION,
  trainingRecordSchema,
  type LEARNERS,
  type TrainingRecord,
  type TrainingRow,
} from './record';
import { trainingTable } from './table';

/** The paper's iterations on three layers, to equilibrium and back (p. 19). */
const ITERATIONS = { forward: 40, backward: 8 };

/** How far mean losses may be apart: gradients are sums of eight terms each, at slopes that differ a little. */
const LOSSES_APART = 0.02;

type Name = (typeof LEARNERS)[number];
type Turn = Learned & { readonly spent?: PyTorchParts };
type Contestant = Player<Turn> & { readonly name: Name; readonly threads: number; destroy(): void };

/** What `attractor train` does with these words, and the rest as it has it by itself. */
async function argumentsOf(words: readonly string[]): Promise<TrainArguments> {
  const asked: TrainArguments[] = [];
  const program = new Command().exitOverride();
  addTrain(program, (args) => Promise.resolve(void asked.push(args)));
  await program.parseAsync(['train', '--out', 'none', ...words], { from: 'user' });
  const [args] = asked;
  if (!args) throw new Error('there is nothing to train');
  return args;
}

/**
 * Measures everything.
 * @param progress is told what is being done, in words for the person
 * @param measureCeilings what a thread can do at best
 * @throws WrongOutput when losses disagree, the signal's reason when it aborts
 * @public for `node.mjs`
 */
export async function runTrainingBench(
  options: TrainingOptions,
  host: TrainingHost,
  signal: AbortSignal,
  progress: (what: string) => void,
  measureCeilings = measureCpuCeilings,
): Promise<{ readonly record: TrainingRecord; readonly table: string }> {
  const { networks, batches, steps, seed } = options;
  progress('starting');
  const pytorch = await host.pytorch(options.threads);
  const torches = typeof pytorch === 'string' ? [] : pytorch.learners;
  const stop = (): void => {
    for (const torch of torches) torch.stop();
  };
  // A turn of theirs may last minutes.
  signal.addEventListener('abort', stop);
  try {
    progress('measuring what a thread can do at best');
    const ceilings = await measureCeilings();
    const digits = host.files ?? ['--strokes', String(steps * Math.max(...batches))];
    const rows: TrainingRow[] = [];
    let tolerance = 0;
    let examples: Examples | undefined;
    for (const units of networks)
      for (const batch of batches) {
        const args = await argumentsOf([
          ...['--layers', networkName(units), '--batch', String(batch), '--seed', String(seed)],
          ...['--threads', String(options.threads), ...digits],
        ]);
        examples ??= await loadExamples(args.source, { signal, progress });
        checkFit(examples, units, sourceName(args.source));
        if (examples.count < steps * batch)
          throw new Error(
            `${steps} steps of ${batch} need more digits than the ${examples.count} that there are`,
          );
        const about = `${networkName(units)}, batch ${batch}`;
        const course = { args, examples, order: epochOrder(examples.count, seed, 0) };
        const tell = (what: string): void => progress(`${about}: ${what}`);
        rows.push(await measureTraining(course, torches, options, host, signal, tell));
        tolerance = args.solve.tolerance;
      }
    const record = trainingRecordSchema.parse({
      format: TRAINING_FORMAT,
      version: TRAINING_VERSION,
      app: { version: __APP_VERSION__, pytorch: typeof pytorch === 'string' ? pytorch : pytorch.facts },
      measuredAt: new Date().toISOString(),
      machine: { runtime: host.runtime, processor: host.processor, cores: host.cores },
      options,
      digits: host.files ? 'files' : 'strokes',
      ceilings,
      tolerance,
      rows,
    });
    return { record, table: trainingTable(record) };
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

/** What is learned, how, and in which order. */
type Course = { readonly args: TrainArguments; readonly examples: Examples; readonly order: Uint32Array };

async function measureTraining(
  course: Course,
  torches: readonly PyTorchLearner[],
  { rounds, steps }: TrainingOptions,
  host: TrainingHost,
  signal: AbortSignal,
  progress: (what: string) => void,
): Promise<TrainingRow> {
  const { sizes, batch, threads } = course.args;
  const recipe = recipeOf(course.args);
  const contestants: Contestant[] = [];
  try {
    for (const [i, count] of (threads > 1 ? [1, threads] : [1]).entries()) {
      for (const name of ['attractor', 'attractor-again'] as const)
        contestants.push(await ours(name, course, count, steps, host, signal));
      const torch = torches[i];
      if (torch) contestants.push(await theirs(torch, course, recipe, steps));
    }
    const all = await playRounds(contestants, rounds, signal, progress);
    const results = all.map(({ milliseconds, repeats, outcome: { loss, accuracy, cpu } }, i) => {
      const { name, threads: count } = contestants[i] as Contestant;
      const base = all[contestants.findIndex((each) => each.threads === count)];
      return {
        ...{
          contestant: name,
          threads: count,
          milliseconds: [...milliseconds],
          repeats,
          loss,
          accuracy,
          cpu,
        },
        time: spread(milliseconds),
        ratio: pairedRatio(milliseconds, base?.milliseconds ?? []),
      };
    });
    checkLosses(results);
    progress('looking where a step goes');
    const { iterations, ...spent } = await takeApart(course, steps, signal);
    const pytorch = all.flatMap(({ milliseconds, outcome }, i) => {
      const parts = outcome.spent;
      if (!parts) return [];
      const { forward, backward, optimiser } = parts;
      const rest = Math.max(0, (milliseconds.at(-1) ?? 0) - forward - backward - optimiser);
      return [{ threads: contestants[i]?.threads ?? 1, ...parts, rest }];
    });
    return {
      network: [...sizes],
      batch,
      recipe: ITERATIONS,
      iterations,
      results,
      spent: { ...spent, pytorch },
    };
  } finally {
    for (const each of contestants) each.destroy();
  }
}

/** @throws WrongOutput */
function checkLosses(results: TrainingRow['results']): void {
  const base = results[0]?.loss ?? NaN;
  for (const { contestant, threads, loss } of results)
    if (!(Math.abs(loss / base - 1) <= LOSSES_APART))
      throw new WrongOutput(
        `${titleOf(contestant, threads)} learned something else: its mean loss is ${loss}, and that of Attractor ${base}`,
      );
}

function recipeOf({ optimiser }: TrainArguments): Recipe {
  if (optimiser.kind !== 'madam') throw new Error('the recipe has no other optimiser than Madam');
  const { rate, bound, largest } = optimiser;
  return { ...ITERATIONS, madam: { rate, bound, largest, beta: BETA } };
}

/** So many steps from where a learner was at first. */
async function learnAnew(
  learner: Learner,
  first: LearnerState,
  { args: { batch }, examples, order }: Course,
  steps: number,
  signal: AbortSignal,
): Promise<{ readonly milliseconds: number; readonly learned: Learned & { readonly iterations: number } }> {
  await learner.goOn(first);
  const began = performance.now();
  const usage = process.cpuUsage();
  for (let step = 0; step < steps; step++) {
    signal.throwIfAborted();
    await learner.learn(takeBatch(examples, order.subarray(step * batch, (step + 1) * batch)), 1);
    // As the command does, so that Ctrl-C is heard.
    await new Promise(setImmediate);
  }
  // A team takes the last step when it is asked for what it knows.
  await learner.read();
  const milliseconds = (performance.now() - began) / steps;
  const { user, system } = process.cpuUsage(usage);
  const { loss, correct, iterations, samples } = await learner.report();
  return {
    milliseconds,
    learned: {
      loss: loss / samples,
      accuracy: correct / samples,
      iterations: iterations / samples,
      cpu: (user + system) / 1000 / steps,
    },
  };
}

async function ours(
  name: Name,
  course: Course,
  threads: number,
  steps: number,
  host: TrainingHost,
  signal: AbortSignal,
): Promise<Contestant> {
  const { engine, learner } = await beginLearning(course.args, threads, host);
  const first = await learner.state();
  return {
    title: titleOf(name, threads),
    repeats: steps,
    name,
    threads,
    play: async (repeats) => {
      const { milliseconds, learned } = await learnAnew(learner, first, course, repeats, signal);
      return { milliseconds, outcome: learned };
    },
    destroy: () => {
      learner.destroy();
      engine.destroy();
    },
  };
}

async function theirs(
  torch: PyTorchLearner,
  { args, examples, order }: Course,
  recipe: Recipe,
  steps: number,
): Promise<Contestant> {
  const { sizes, dynamics, seed, batch } = args;
  const lesson: Lesson = {
    network: initialNetwork(sizes, dynamics, seed),
    pixels: examples.pixels,
    labels: examples.labels,
    order: Int32Array.from(order),
    batch,
  };
  await torch.begin(lesson, recipe);
  return {
    title: titleOf('pytorch', torch.threads),
    repeats: steps,
    name: 'pytorch',
    threads: torch.threads,
    play: async (repeats) => {
      const { milliseconds, ...outcome } = await torch.learn(repeats);
      return { milliseconds, outcome };
    },
    destroy: () => undefined,
  };
}

/** A turn on one thread with a clock in every part; the clock costs a little, so nobody is compared with it. */
async function takeApart(
  course: Course,
  steps: number,
  signal: AbortSignal,
): Promise<Pick<TrainingRow['spent'], 'attractor' | 'products'> & { readonly iterations: number }> {
  const { args } = course;
  const clock = new PhaseClock();
  const engine = clocked(await createCpuEngine(), clock);
  const learner = await startLearner(engine, initialNetwork(args.sizes, args.dynamics, args.seed), args);
  try {
    const first = await learner.state();
    // As those who were timed did, it pays once for what is done only once.
    await learnAnew(learner, first, course, 1, signal);
    clock.restart();
    const { milliseconds, learned } = await learnAnew(learner, first, course, steps, signal);
    const { iterations } = learned;
    return {
      iterations,
      attractor: clock.phases(steps, milliseconds),
      products: clock.multiplyAdds(args.sizes, args.batch, iterations, steps),
    };
  } finally {
    learner.destroy();
    engine.destroy();
  }
}
