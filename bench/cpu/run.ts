/** The whole bench on the processor: everyone in turn, on one thread and on all. */
import { FASTEST } from '../../src/solve/presets';
import { createAttractor, settingsOf } from '../attractor';
import type { Contestant, CpuContestantName, Prepared, Work } from '../contestant';
import { measure, type Competitor } from '../measure';
import { javascript } from '../typed-arrays';
import type { Engine } from '../../src/engine/engine';
import { measureCpuCeilings } from './ceilings';
import type { Case, CpuHost, CpuTensors, PyTorch } from './host';
import type { CpuOptions } from './options';
import { measureProduct, OWN_MULTIPLIERS, productShapes, type Multiplier } from './products';
import { CPU_FORMAT, CPU_VERSION, type CpuRecord, type CpuRow, type SolveRow } from './record';

/**
 * Iterations that a solve to tolerance may take: many more than it needs.
 * @public for `golden.mjs`
 */
export const LIMIT = 200;

type Player = {
  readonly contestant: Contestant<CpuContestantName>;
  /** What it does not take part in where the work is equal. */
  readonly ownWay: boolean;
};

/** Everyone of one number of threads; ours, which they are compared with, is first. */
type Group = readonly Player[];

/** Our engine does the work of equal rows by Picard, and the others as fast as it can. */
const fastest = (work: Work) => ({ ...settingsOf(work), ...(work.tolerance === 0 ? {} : FASTEST) });

function group(
  threads: number,
  [engine, again]: readonly [Engine, Engine],
  tensors: CpuTensors,
  pytorch: PyTorch | undefined,
): Group {
  const own = { engine, device: null };
  const on = (contestant: Contestant<CpuContestantName>, ownWay = false): Player => ({
    // TensorFlow.js may have taken fewer than it was given.
    contestant: { ...contestant, threads: contestant.threads ?? threads },
    ownWay,
  });
  return [
    on(createAttractor('attractor', own, fastest)),
    on(createAttractor('attractor-again', { engine: again, device: null }, fastest)),
    on(createAttractor('attractor-picard', own), true),
    ...((tensors.contestant.threads === 1) === (threads === 1) ? [on(tensors.contestant)] : []),
    ...(threads === 1 ? [on(javascript)] : []),
    ...(pytorch ? [on(pytorch.picard), on(pytorch.anderson, true)] : []),
  ];
}

/**
 * Measures everything.
 * @param progress is told what is being done, in words for the person
 * @param measureCeilings what a thread can do at best
 * @throws WrongOutput when outputs are wrong, the signal's reason when it aborts
 */
export async function runCpuBench(
  options: CpuOptions,
  cases: readonly Case[],
  host: CpuHost,
  signal: AbortSignal,
  progress: (what: string) => void,
  measureCeilings = measureCpuCeilings,
): Promise<CpuRecord> {
  progress('starting');
  const counts = options.threads > 1 ? [1, options.threads] : [1];
  const tensors = await host.tensors(options.threads);
  const pytorch = await host.pytorch(options.threads);
  const processes = typeof pytorch === 'string' ? [] : pytorch.processes;
  const engines: Engine[] = [];
  const newEngine = async (threads: number): Promise<Engine> => {
    const engine = await host.engine(threads);
    engines.push(engine);
    return engine;
  };
  try {
    const groups: Group[] = [];
    for (const [i, threads] of counts.entries()) {
      const pair = [await newEngine(threads), await newEngine(threads)] as const;
      groups.push(group(threads, pair, tensors, processes[i]));
    }
    progress('measuring what a thread can do at best');
    const ceilings = await measureCeilings();
    const rows: CpuRow[] = [];
    const multipliers: Multiplier[] = [
      ...OWN_MULTIPLIERS,
      // With more threads it would not be the same comparison.
      ...(tensors.contestant.threads === 1
        ? [{ name: tensors.contestant.name, multiply: tensors.product }]
        : []),
      ...processes.slice(0, 1).map(({ picard, product }) => ({ name: picard.name, multiply: product })),
    ];
    const networks = cases.map(({ network }) => network.layers.map(({ units }) => units));
    for (const shape of productShapes(networks, options.batches)) {
      const about = `${shape.batch} × ${shape.n} × ${shape.m}`;
      rows.push(
        await measureProduct(shape, multipliers, options.rounds, options.seed, signal, (what) =>
          progress(`${about}: ${what}`),
        ),
      );
    }
    for (const each of cases) rows.push(...(await measureCase(each, groups, options, signal, progress)));
    return {
      format: CPU_FORMAT,
      version: CPU_VERSION,
      app: {
        version: __APP_VERSION__,
        tfjs: tensors.version,
        pytorch: typeof pytorch === 'string' ? pytorch : pytorch.facts,
      },
      measuredAt: new Date().toISOString(),
      machine: { runtime: host.runtime, processor: host.processor, cores: host.cores },
      options: { ...options, networks },
      remarks: cases.flatMap(({ remark }) => remark ?? []),
      ceilings,
      rows,
    };
  } finally {
    for (const engine of engines) engine.destroy();
    for (const process of processes) process.stop();
  }
}

async function measureCase(
  { name, network, input }: Case,
  groups: readonly Group[],
  options: CpuOptions,
  signal: AbortSignal,
  progress: (what: string) => void,
): Promise<SolveRow[]> {
  const prepared = new Map<Player, Prepared>();
  try {
    for (const player of groups.flat()) prepared.set(player, await player.contestant.prepare(network));
    const rows: SolveRow[] = [];
    for (const batch of options.batches) {
      const common = { batch, input: input(batch) };
      const works: Readonly<Record<SolveRow['kind'], Work>> = {
        fixed: { ...common, tolerance: 0, limit: options.iterations },
        solve: { ...common, tolerance: options.tolerance, limit: LIMIT },
      };
      for (const kind of ['fixed', 'solve'] as const) {
        const about = `${name}, batch ${batch}, ${kind}`;
        const { results, unconverged } = await measure(
          network,
          works[kind],
          competitorsOf(groups, prepared, kind),
          options.rounds,
          signal,
          (what) => progress(`${about}: ${what}`),
        );
        rows.push({
          kind,
          name,
          network: network.layers.map(({ units }) => units),
          batch,
          results: results.map(({ threads = 1, ...result }) => ({ ...result, threads })),
          unconverged: [...unconverged],
        });
      }
    }
    return rows;
  } finally {
    for (const each of prepared.values()) each.destroy();
  }
}

function competitorsOf(
  groups: readonly Group[],
  prepared: ReadonlyMap<Player, Prepared>,
  kind: SolveRow['kind'],
): readonly Competitor<CpuContestantName>[] {
  const competitors: Competitor<CpuContestantName>[] = [];
  for (const players of groups) {
    const against = competitors.length;
    for (const player of players) {
      const ready = prepared.get(player);
      if (!ready || (kind === 'fixed' && player.ownWay)) continue;
      competitors.push({ contestant: player.contestant, prepared: ready, against });
    }
  }
  return competitors;
}
