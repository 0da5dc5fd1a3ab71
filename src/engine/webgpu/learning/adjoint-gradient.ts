/** The gradient by the adjoint of the equilibrium, by its series or by conjugate gradients: see `src/train/implicit.ts`. */
import type { Network } from '../../../network/network';
import { iterationOrders } from '../../../solve/schedule';
import type { AdjointSolver } from '../../learning';
import { compilePasses } from '../compiled-plan';
import type { BufferSet } from '../interface';
import type { Kernels } from '../kernels/kernel';
import { adjoint, conjugateGradients, EQUILIBRIUM } from '../kernels/learning';
import {
  dispatch,
  passBuffers,
  productPasses,
  VEC4,
  type GradientPasses,
  type GradientSource,
  type RecordPass,
  type Recording,
} from './recording';
import { ADJOINT, CONJUGATE, CONJUGATE_SAMPLE } from './structs';
import { packKinds } from './unit-kinds';

/** @throws NetworkError where the layers are not of two colours */
export async function adjointGradient(
  source: GradientSource,
  solver: AdjointSolver,
): Promise<GradientPasses> {
  const { kernels, network, incoming, product, batch, width, starts, units, room } = source;
  const groups = adjointGroups(network);
  const free = groups.flat();
  const passes = groups.map((layers) => ({ layers, sources: free }));
  const compiled = compilePasses(network, passes, incoming, starts, product.vec4s);
  const [equilibrium, half] = await Promise.all([kernels.get(EQUILIBRIUM), kernels.get(adjoint(product))]);
  const buffers = {
    activities: room.take('activities', batch * width * VEC4),
    adjoint: room.take('adjoint', batch * width * VEC4),
    unitKinds: room.fill('unit kinds', packKinds(network, starts, groups[1] ?? [])),
  };
  const all: BufferSet = {
    ...source.buffers,
    ...buffers,
    adjointTerms: room.take('adjoint terms', batch * width * ADJOINT.size),
  };
  const arrive = dispatch(equilibrium, all, units, batch);
  const halves = productPasses(half, { ...all, ...passBuffers(compiled.tables, room) }, compiled, source);
  let solve: Recording;
  if (solver.kind === 'series') solve = seriesOf(halves, solver.terms);
  else {
    const conjugate: BufferSet = {
      ...all,
      adjointSolve: room.take('conjugate gradients', batch * width * CONJUGATE.size),
      adjointSamples: room.take('samples of conjugate gradients', batch * CONJUGATE_SAMPLE.size),
    };
    solve = await conjugateSolve(kernels, solver, conjugate, source, halves);
  }
  return {
    buffers,
    rows: { first: 0, end: batch },
    record: (pass) => {
      arrive(pass);
      solve(pass);
    },
  };
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

/** v by so many terms of the series, the first of which is there; then the layers that follow from it. */
function seriesOf(half: RecordPass, terms: number): Recording {
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
  { width, units, batch }: Pick<GradientSource, 'width' | 'units' | 'batch'>,
  half: RecordPass,
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
