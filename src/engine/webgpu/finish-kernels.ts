/** How a state is finished: closed, and by the solvers that look back, mixed. One WGSL program and its constants a solver. */
import andersonWgsl from '../../../shaders/anderson.wgsl?raw';
import barzilaiBorweinWgsl from '../../../shaders/barzilai-borwein.wgsl?raw';
import closeWgsl from '../../../shaders/close.wgsl?raw';
import closingWgsl from '../../../shaders/closing.wgsl?raw';
import lbfgsWgsl from '../../../shaders/lbfgs.wgsl?raw';
import mixerWgsl from '../../../shaders/mixer.wgsl?raw';
import { FIRST_RATIO, LARGEST_CONTRACTION } from '../../solve/adaptive-omega';
import { BARZILAI_BORWEIN } from '../../solve/barzilai-borwein';
import { LBFGS } from '../../solve/lbfgs';
import type { Solver } from '../../solve/settings';
import { CYCLE, CYCLE_FLOOR, DIVERGED_ABOVE, ROUNDING } from '../../solve/stop';

export type MixerName = 'anderson' | 'barzilai-borwein' | 'lbfgs';

export type FinishName = 'close' | MixerName;

/** WGSL that gives `finish(sample, thread)`, to be put behind the prelude, the activations and the dynamics. */
export const FINISH_WGSL: Record<FinishName, string> = {
  close: [closingWgsl, closeWgsl].join('\n'),
  anderson: [closingWgsl, mixerWgsl, andersonWgsl].join('\n'),
  'barzilai-borwein': [closingWgsl, mixerWgsl, barzilaiBorweinWgsl].join('\n'),
  lbfgs: [closingWgsl, mixerWgsl, lbfgsWgsl].join('\n'),
};

/** Numbers that a sample keeps in `memo`, and vectors in `history` before the solver's own: see mixer.wgsl. */
export const MEMO_NUMBERS = Number(/const MEMO = (\d+)u/.exec(mixerWgsl)?.[1]);
export const FIRST_SLOT = Number(/const FIRST_SLOT = (\d+)u/.exec(mixerWgsl)?.[1]);

/** The `override` constants of a program of `FINISH_WGSL`. */
export function finishConstants(name: FinishName): Readonly<Record<string, number>> {
  const closing = {
    DIVERGED_ABOVE: DIVERGED_ABOVE.float32,
    CYCLE_RATIO: CYCLE.ratio,
    CYCLE_NEARLY: CYCLE.nearly,
    CYCLE_ROUNDING: CYCLE.roundings * ROUNDING.float32,
    CYCLE_FLOOR,
    LARGEST_CONTRACTION,
    FIRST_RATIO,
  };
  // A mixer's run is never taken for a two-cycle: see `judge` in solve/stop.ts.
  const mixing = { ...closing, SWINGS: 0 };
  switch (name) {
    case 'close':
      return closing;
    case 'anderson':
      return mixing;
    case 'barzilai-borwein':
      return { ...mixing, LEAST: BARZILAI_BORWEIN.least, MOST: BARZILAI_BORWEIN.most };
    case 'lbfgs':
      return {
        ...mixing,
        FIRST_SCALE: LBFGS.firstScale,
        BLIND_ABOVE: LBFGS.blindAbove,
        PAIRS_BELOW: LBFGS.pairsBelow,
        CURVATURE: LBFGS.curvature,
        LEAST_SCALE: LBFGS.leastScale,
        MOST_SCALE: LBFGS.mostScale,
        CAP: LBFGS.cap,
        RISE: LBFGS.rise,
        LANDING: LBFGS.landing,
      };
  }
}

/** The program of a solver that looks back, and how many vectors of a sample it keeps beside the outputs. */
export function mixerOf(solver: Solver): { readonly kernel: MixerName; readonly slots: number } | null {
  switch (solver.kind) {
    case 'anderson':
      return { kernel: 'anderson', slots: 2 * solver.window };
    case 'barzilai-borwein':
      return { kernel: 'barzilai-borwein', slots: 2 };
    case 'lbfgs':
      return { kernel: 'lbfgs', slots: 4 + 3 * solver.window };
    case 'picard':
    case 'relaxation':
      return null;
  }
}
