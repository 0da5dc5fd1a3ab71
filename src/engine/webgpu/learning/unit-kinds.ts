/** What each vec4 of units is, for kernels that go unit by unit. */
import type { Network } from '../../../network/network';
import { parameterOf } from '../compiled-plan';
import { ACTIVATION } from '../interface';
import { vec4Count } from '../weights';
import { pack, type RecordOf } from '../wgsl';
import { UNIT_KIND } from './structs';

/**
 * @param starts where layers begin in a run
 * @param solved layers that the adjoint is solved on
 */
export function packKinds(
  { layers }: Network,
  starts: readonly number[],
  solved: readonly number[],
): ArrayBuffer {
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
