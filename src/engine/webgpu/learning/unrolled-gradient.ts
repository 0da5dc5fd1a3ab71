/** The gradient by further steps that the loss is sent back through: see `src/train/unrolled.ts`. */
import { iterationOrders } from '../../../solve/schedule';
import { unitUpdateOf } from '../../../solve/settings';
import { EngineError } from '../../engine';
import { unrolledMap, type Unrolled } from '../../learning';
import { compilePasses, type ProductPass } from '../compiled-plan';
import { UNIT_UPDATE, type BufferSet } from '../interface';
import { UNROLLED_BEGIN, unrolledBack, unrolledStep } from '../kernels/learning';
import {
  dispatch,
  passBuffers,
  productPasses,
  VEC4,
  type GradientPasses,
  type GradientSource,
} from './recording';
import { UNROLLED, UNROLLED_MOVE } from './structs';
import { packKinds } from './unit-kinds';

/** The block of the first step; the one before is the input's. */
const FIRST = 1;

/**
 * What layers are read as in step k stands in block k. The group of layers that moves last is read as it was, and so writes the next
 * block; one that moves before it is read as it has become.
 * @throws EngineError where layers move in more groups than two, or the device has no room for the steps
 */
export async function unrolledGradient(source: GradientSource, gradient: Unrolled): Promise<GradientPasses> {
  const { kernels, network, settings, incoming, product, batch, width, starts, units, room } = source;
  const { steps } = gradient;
  const map = unrolledMap(gradient, settings.solve);
  const { schedule } = map;
  if (schedule !== 'synchronous' && schedule !== 'even-odd')
    throw new EngineError(
      `on a GPU steps are unrolled where layers move all at once or even-odd, not ${schedule}; take the series, or another schedule`,
    );
  const end = FIRST + steps;
  const block = batch * width;
  const unrolledMoves = room.take('unrolled steps', (end + 1) * block * UNROLLED_MOVE.size);
  const buffers = {
    activities: room.take('activities of unrolled steps', (end + 1) * block * VEC4),
    adjoint: room.take('gradients of unrolled steps', end * block * VEC4),
    unitKinds: room.fill('unit kinds', packKinds(network, starts, [])),
  };

  const groups = (iterationOrders(network, schedule)[0] ?? []).map((group) => group.filter((l) => l > 0));
  const free = groups.flat();
  const unit_update = UNIT_UPDATE.of[unitUpdateOf(map)];
  const pass = (group: number, reads: number, writes: number, sources = free): ProductPass => ({
    layers: groups[group] ?? [],
    sources,
    settings: { reads, writes, unit_update },
  });
  const last = groups.length - 1;
  const blocks = Array.from({ length: steps }, (_, k) => FIRST + k);
  const forward = blocks.flatMap((block) =>
    groups.map((_, g) => pass(g, block, g === last ? block + 1 : block)),
  );
  const back = [
    // The loss has come to the states, and nothing yet to any drive.
    pass(last, end - 1, end - 1, []),
    ...[...blocks]
      .reverse()
      .flatMap((block) => [
        ...(last > 0 ? [pass(0, block, block)] : []),
        ...(block > FIRST ? [pass(last, block, block - 1)] : []),
      ]),
  ];
  const compiled = compilePasses(network, [...forward, ...back], incoming, starts, product.vec4s);
  const [begin, step, sendBack] = await Promise.all([
    kernels.get(UNROLLED_BEGIN),
    kernels.get(unrolledStep(product, map.damping)),
    kernels.get(unrolledBack(product)),
  ]);
  const all: BufferSet = {
    ...source.buffers,
    ...buffers,
    unrolled: room.take('unrolled states', block * UNROLLED.size),
    unrolledMoves,
    ...passBuffers(compiled.tables, room),
  };
  const begins = dispatch(begin, all, units, batch);
  const moves = productPasses(step, all, compiled, source);
  const goesBack = productPasses(sendBack, all, compiled, source);
  return {
    buffers,
    rows: { first: FIRST * batch, end: end * batch },
    record: (encoder) => {
      begins(encoder);
      for (const i of forward.keys()) moves(encoder, i);
      for (const i of back.keys()) goesBack(encoder, forward.length + i);
    },
  };
}
