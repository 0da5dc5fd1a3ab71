/** How a unit's next state changes with its own state and with its drive: what backpropagation through one update needs. */
import { bend, slope } from '../network/activation';
import { LOCAL_DAMPING, LOCAL_STEPS } from '../network/dynamics';
import { hasLocalRoot, localRoot } from '../network/local-root';
import type { Dynamics, Layer } from '../network/network';

/** ∂s′/∂s and ∂s′/∂C. */
export type UnitDerivatives = { bySelf: number; byDrive: number };

/** s, C ↦ derivatives, written into `out`. */
type Derive = (s: number, drive: number, out: UnitDerivatives) => void;

/**
 * Of a unit that moves as `unitMap` of network/dynamics.ts says, before any damping.
 * @throws RangeError where 'exact' is asked of a layer without a unique root
 */
export function unitDerivatives(
  dynamics: Dynamics,
  { activation, name }: Layer,
  move: 'map' | 'exact' | 'damped',
): Derive {
  if (dynamics === 'ham' || activation.kind === 'softmax') {
    return (_, __, out) => {
      out.bySelf = 0;
      out.byDrive = 1;
    };
  }
  const rise = slope(activation);
  const turn = bend(activation);
  switch (move) {
    case 'map':
      return (s, drive, out) => {
        out.bySelf = turn(s) * drive;
        out.byDrive = rise(s);
      };
    case 'damped':
      return (s, drive, out) => {
        let moved = s;
        out.bySelf = 1;
        out.byDrive = 0;
        for (let i = 0; i < LOCAL_STEPS; i++) {
          const stays = LOCAL_DAMPING + (1 - LOCAL_DAMPING) * turn(moved) * drive;
          out.bySelf *= stays;
          out.byDrive = stays * out.byDrive + (1 - LOCAL_DAMPING) * rise(moved);
          moved = LOCAL_DAMPING * moved + (1 - LOCAL_DAMPING) * rise(moved) * drive;
        }
      };
    case 'exact': {
      if (!hasLocalRoot(activation)) throw new RangeError(`layer ${name} has no exact local solve`);
      const root = localRoot(activation);
      return (_, drive, out) => {
        const s = root(drive);
        out.bySelf = 0;
        out.byDrive = rise(s) / (1 - turn(s) * drive);
      };
    }
  }
}
