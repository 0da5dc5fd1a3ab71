/** What a unit's drive means to it: the map f, where a layer moves by itself, and its part of the energy. */
import { conjugate, slope, type Activation } from './activation';
import type { Floats } from '../numbers/floats';
import { hasLocalRoot, localRoot } from './local-root';
import { NetworkError, type Dynamics, type Layer } from './network';

/** s, C ↦ a new state of one unit. */
export type UnitMap = (s: number, drive: number) => number;

/** The damped local steps of a CHN: how many, and the share of the old state in each (paper, Section 4). */
export const LOCAL_STEPS = 10;
export const LOCAL_DAMPING = 0.5;

/**
 * How the units of a layer move, given their drive:
 *
 *   map      f: C for a HAM (paper, Eq. 4), ρ′(s)·C for a CHN (Eq. 2)
 *   exact    to their best state while the drive stays: C for a HAM, the root of s = ρ′(s)·C for a CHN
 *   damped   C for a HAM; for a CHN ten damped steps towards that root
 *
 * @throws NetworkError when 'exact' is asked of a CHN layer whose activation has no unique root.
 */
export function unitMap(
  dynamics: Dynamics,
  { activation, name }: Layer,
  move: 'map' | 'exact' | 'damped',
): UnitMap {
  if (dynamics === 'ham' || activation.kind === 'softmax') return (_, drive) => drive;
  const rhoSlope = slope(activation);
  switch (move) {
    case 'map':
      return (s, drive) => rhoSlope(s) * drive;
    case 'damped':
      return (s, drive) => {
        let moved = s;
        for (let i = 0; i < LOCAL_STEPS; i++) {
          moved = LOCAL_DAMPING * moved + (1 - LOCAL_DAMPING) * rhoSlope(moved) * drive;
        }
        return moved;
      };
    case 'exact': {
      if (!hasLocalRoot(activation)) throw new NetworkError(noExactSolveText({ activation, name }));
      const root = localRoot(activation);
      return (_, drive) => root(drive);
    }
  }
}

/** Why a layer of a CHN has no exact local solve, as a sentence. */
export function noExactSolveText({ activation, name }: Pick<Layer, 'activation' | 'name'>): string {
  return `layer ${name}: s / ρ′(s) does not rise for ${activation.kind}, so a CHN has no exact local solve there; choose the damped one`;
}

/** A layer's own part of the energy, without its bias: s·ρ − Λ(s) for a HAM (paper, Eq. 3), ½s² for a CHN (Eq. 1). */
export function ownEnergy(
  dynamics: Dynamics,
  activation: Activation,
  s: Floats,
  offset: number,
  units: number,
): number {
  if (dynamics === 'ham') return conjugate(activation, s, offset, units);
  let sum = 0;
  for (let i = offset; i < offset + units; i++) sum += (s[i] ?? 0) ** 2;
  return sum / 2;
}
