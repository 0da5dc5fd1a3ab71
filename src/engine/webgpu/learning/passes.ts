/** What batches of one size share on the device, and the passes by which the network learns from one of them. */
import type { Network } from '../../../network/network';
import { inputQuery } from '../../../network/query';
import { createPlan } from '../../../solve/plan';
import { iterationOrders } from '../../../solve/schedule';
import type { AdjointSolver, LearningSettings } from '../../learning';
import { clampsOf } from '../../state-zero';
import type { BufferPool, RunBuffers } from '../buffers';
import { compileAdjoint, parameterOf } from '../compiled-plan';
import type { GpuParts } from '../gpu-network';
import {
  ACTIVATION,
  ADJOINT,
  CONJUGATE,
  CONJUGATE_SAMPLE,
  OUTCOME,
  PASS_STRIDE,
  STEP,
  UNIT_KIND,
  type BufferSet,
} from '../interface';
import type { CompiledKernel, Kernels } from '../kernels/kernel';
import {
  adjoint,
  BIAS_DRIVE,
  conjugateGradients,
  EQUILIBRIUM,
  learnBiases,
  learnWeights,
  MATRIX_THREADS,
  OUTCOMES,
  UNIT_THREADS,
} from '../kernels/learning';
import type { Readback } from '../readback';
import { prepareRun, type Prepared, type Recorder, type RunSource } from '../recorder';
import { beginRun, inPass } from '../run';
import { PRODUCT_SHAPES, samplesOf, usualVariant } from '../variants/variants';
import { vec4Count } from '../weights';
import { pack, type RecordOf } from '../wgsl';
import type { DeviceParameters } from './parameters';

/** Batches whose outcomes are kept on the device until they are read. */
export const OUTCOME_ROWS = 32;

const VEC4 = 16;

type Recording = (pass: GPUComputePassEncoder) => void;

export type LearningSource = {
  readonly parts: GpuParts;
  readonly network: Network;
  readonly settings: LearningSettings;
  readonly parameters: DeviceParameters;
  readonly pool: BufferPool;
  readonly readback: Readback;
};

export class LearningPasses {
  private constructor(
    readonly batch: number,
    readonly prepared: Prepared,
    readonly run: RunBuffers,
    readonly own: Readonly<Record<'activities' | 'outcomes' | 'step', GPUBuffer>>,
    private readonly recorder: Recorder,
    private readonly iterations: number,
    private readonly biasDrive: Recording,
    private readonly adjoint: Recording,
    private readonly move: Recording,
    private readonly release: () => void,
  ) {}

  /** Records everything that a batch takes, from the states it begins with. */
  record(encoder: GPUCommandEncoder): void {
    const { run, prepared, recorder } = this;
    // ρ of the input, before the run clears it.
    const slot = run.activity.size / 2;
    encoder.copyBufferToBuffer(run.activity, slot, this.own.activities, 0, slot);
    inPass(encoder, 'bias drive', this.biasDrive);
    beginRun(encoder, prepared, run, recorder);
    // Samples stop by themselves. The last check tells which have come to the limit.
    inPass(encoder, 'iterations', (pass) => recorder.iterate(pass, 0, this.iterations + 1, this.batch));
    inPass(encoder, 'adjoint', this.adjoint);
    inPass(encoder, 'step', this.move);
  }

  destroy(): void {
    this.release();
  }

  /** @throws EngineError when the device has no room, or a kernel does not compile */
  static async create(
    source: LearningSource,
    batch: number,
    gradient: AdjointSolver,
  ): Promise<LearningPasses> {
    const { parts, network, settings, parameters, pool, readback } = source;
    const { device, kernels, software } = parts;
    const { incoming } = parameters;
    const query = inputQuery(network, new Float32Array(batch * (network.layers[0]?.units ?? 0)), batch);
    const runSource: RunSource = {
      ...{ device, kernels, software, network, incoming, query, pool, readback },
      ...{ weights: parameters.buffers.weights, storedAs: 'float32', settings: settings.solve },
      plan: createPlan(network, query, settings.solve),
    };
    const variant = usualVariant(batch, software);
    const product = { ...PRODUCT_SHAPES[variant], weights: 'float32' } as const;
    const prepared = await prepareRun(runSource, clampsOf(query), variant);
    const { width, starts } = prepared.plan;
    const groups = adjointGroups(network);
    const compiled = compileAdjoint(network, groups, incoming, starts, product.vec4s);
    const [biasDrive, equilibrium, outcome, series, moveWeights, moveBiases] = await Promise.all([
      kernels.get(BIAS_DRIVE),
      kernels.get(EQUILIBRIUM),
      kernels.get(OUTCOMES),
      kernels.get(adjoint(product)),
      kernels.get(learnWeights(settings.optimiser)),
      kernels.get(learnBiases(settings.optimiser)),
    ]);
    const run = await pool.take(prepared.shape, prepared.plan);

    const made: GPUBuffer[] = [];
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const make = (label: string, size: number, usage = STORAGE): GPUBuffer => {
      const buffer = device.createBuffer({
        label,
        size: Math.max(size, VEC4),
        usage: usage | COPY_SRC | COPY_DST,
      });
      made.push(buffer);
      return buffer;
    };
    const filled = (label: string, bytes: ArrayBuffer, usage = STORAGE): GPUBuffer => {
      const buffer = make(label, bytes.byteLength, usage);
      device.queue.writeBuffer(buffer, 0, bytes);
      return buffer;
    };
    const own = {
      activities: make('activities', batch * width * VEC4),
      adjoint: make('adjoint', batch * width * VEC4),
      adjointTerms: make('adjoint terms', batch * width * ADJOINT.size),
      outcomes: make('outcomes', OUTCOME_ROWS * batch * OUTCOME.size),
      step: make('step', STEP.size, UNIFORM),
      unitKinds: filled('unit kinds', packKinds(network, starts, groups[1] ?? [])),
    };
    const all: BufferSet = { ...run, ...parameters.buffers, ...own };
    const onAdjoint: BufferSet = {
      ...all,
      passes: filled('adjoint passes', compiled.tables.passes, UNIFORM),
      layers: filled('adjoint layers', compiled.tables.layers),
      edges: filled('adjoint edges', compiled.tables.edges),
    };
    const units = Math.ceil(width / UNIT_THREADS);
    const arrive = dispatch(equilibrium, all, units, batch);
    const tell = dispatch(outcome, all, Math.ceil(batch / UNIT_THREADS), 1);
    const half = halfTerm(series, onAdjoint, compiled.blocks, Math.ceil(batch / samplesOf(product)));
    let solve: Recording;
    if (gradient.kind === 'series') solve = seriesOf(half, gradient.terms);
    else {
      const conjugate: BufferSet = {
        ...all,
        adjointSolve: make('conjugate gradients', batch * width * CONJUGATE.size),
        adjointSamples: make('samples of conjugate gradients', batch * CONJUGATE_SAMPLE.size),
      };
      solve = await conjugateSolve(kernels, gradient, conjugate, { width, units, batch }, half);
    }
    return new LearningPasses(
      batch,
      prepared,
      run,
      own,
      prepared.recorderOn(run),
      settings.solve.iterationLimit,
      dispatch(biasDrive, all, units, batch),
      (pass) => {
        arrive(pass);
        tell(pass);
        solve(pass);
      },
      mover(parameters, all, moveWeights, moveBiases),
      () => {
        pool.giveBack(run);
        for (const buffer of made) buffer.destroy();
      },
    );
  }
}

/**
 * The free layers without the output's colour, and those with it.
 * @throws NetworkError where there are no two colours
 */
function adjointGroups(network: Network): readonly (readonly number[])[] {
  const output = network.layers.length - 1;
  const groups = (iterationOrders(network, 'even-odd')[0] ?? []).map((group) => group.filter((l) => l > 0));
  return [
    groups.filter((group) => !group.includes(output)).flat(),
    groups.find((group) => group.includes(output)) ?? [],
  ];
}

type Half = (pass: GPUComputePassEncoder, group: number) => void;

/** v by so many terms of the series, the first of which is there; then the layers that follow from it. */
function seriesOf(half: Half, terms: number): Recording {
  return (pass) => {
    for (let term = 1; term < terms; term++) for (const group of [0, 1]) half(pass, group);
    half(pass, 0);
  };
}

/** v by conjugate gradients; then the layers that follow from it. */
async function conjugateSolve(
  kernels: Kernels,
  solver: Extract<AdjointSolver, { kind: 'cg' }>,
  buffers: BufferSet,
  { width, units, batch }: Readonly<Record<'width' | 'units' | 'batch', number>>,
  half: Half,
): Promise<Recording> {
  const parts = conjugateGradients(solver, width);
  const [begin, step, end] = await Promise.all([
    kernels.get(parts.begin),
    kernels.get(parts.step),
    kernels.get(parts.end),
  ]);
  const [begins, steps, ends] = [
    dispatch(begin, buffers, units, batch),
    dispatch(step, buffers, batch, 1),
    dispatch(end, buffers, batch, 1),
  ];
  return (pass) => {
    begins(pass);
    // The first is K g.
    for (let i = 0; i <= solver.limit; i++) {
      for (const group of [0, 1]) half(pass, group);
      steps(pass);
    }
    ends(pass);
    half(pass, 0);
  };
}

function packKinds({ layers }: Network, starts: readonly number[], solved: readonly number[]): ArrayBuffer {
  const kinds: RecordOf<typeof UNIT_KIND>[] = [];
  for (const [l, { units, activation }] of layers.entries())
    for (let i = 0; i < vec4Count(units); i++)
      kinds[(starts[l] ?? 0) + i] = {
        activation: ACTIVATION.of[activation.kind],
        parameter: parameterOf(activation),
        solved: solved.includes(l) ? 1 : 0,
      };
  return pack(UNIT_KIND, kinds);
}

function dispatch({ pipeline, bind }: CompiledKernel, buffers: BufferSet, x: number, y: number): Recording {
  const group = bind(buffers);
  return (pass) => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(x, y);
  };
}

/** Records one pass of the adjoint. */
function halfTerm(
  { pipeline, bind, bindParts }: CompiledKernel,
  buffers: BufferSet,
  blocks: readonly number[],
  tiles: number,
): Half {
  const [group, parts] = [bind(buffers), bindParts(buffers)];
  return (pass, i) => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.setBindGroup(1, parts, [i * PASS_STRIDE]);
    pass.dispatchWorkgroups(blocks[i] ?? 0, tiles);
  };
}

/** Records a step of all weights and biases. */
function mover(
  { all }: DeviceParameters,
  buffers: BufferSet,
  weights: CompiledKernel,
  biases: CompiledKernel,
): Recording {
  const on = ({ pipeline, bind, bindParts }: CompiledKernel) => ({
    pipeline,
    group: bind(buffers),
    parts: bindParts(buffers),
  });
  const [onWeights, onBiases] = [on(weights), on(biases)];
  return (pass) => {
    for (const [i, { shape, record }] of all.entries()) {
      const { pipeline, group, parts } = shape ? onWeights : onBiases;
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.setBindGroup(1, parts, [i * PASS_STRIDE]);
      const [x, y] = shape
        ? [record.source_vec4_count / MATRIX_THREADS, record.vec4_count / MATRIX_THREADS]
        : [record.vec4_count / UNIT_THREADS, 1];
      pass.dispatchWorkgroups(Math.ceil(x), Math.ceil(y));
    }
  };
}
