/** The kernels that a network learns by: from the states of a batch to a step of its weights. */
import activation from '../../../../shaders/activation.wgsl?raw';
import adamWgsl from '../../../../shaders/learning/adam.wgsl?raw';
import adjointWgsl from '../../../../shaders/learning/adjoint.wgsl?raw';
import conjugateBeginWgsl from '../../../../shaders/learning/conjugate-begin.wgsl?raw';
import conjugateEndWgsl from '../../../../shaders/learning/conjugate-end.wgsl?raw';
import conjugateStepWgsl from '../../../../shaders/learning/conjugate-step.wgsl?raw';
import beginWgsl from '../../../../shaders/learning/begin.wgsl?raw';
import equilibriumWgsl from '../../../../shaders/learning/equilibrium.wgsl?raw';
import learnBiasesWgsl from '../../../../shaders/learning/learn-biases.wgsl?raw';
import learnWeightsWgsl from '../../../../shaders/learning/learn-weights.wgsl?raw';
import outputGradientWgsl from '../../../../shaders/learning/output-gradient.wgsl?raw';
import madamWgsl from '../../../../shaders/learning/madam.wgsl?raw';
import outcomeWgsl from '../../../../shaders/learning/outcome.wgsl?raw';
import prelude from '../../../../shaders/prelude.wgsl?raw';
import reduce from '../../../../shaders/reduce.wgsl?raw';
import unrolledBackWgsl from '../../../../shaders/learning/unrolled-back.wgsl?raw';
import unrolledBeginWgsl from '../../../../shaders/learning/unrolled-begin.wgsl?raw';
import unrolledStepWgsl from '../../../../shaders/learning/unrolled-step.wgsl?raw';
import sgdWgsl from '../../../../shaders/learning/sgd.wgsl?raw';
import {
  ADAM_EPSILON,
  BETA,
  CUBIC,
  FIRST_BETA,
  type AdjointSolver,
  type OptimiserSettings,
} from '../../learning';
import { threadsFor, type Kernel, type ProductKind } from './kernel';
import { sharedProduct } from './product';
import { UNIT_CONSTANTS, UNIT_WGSL } from './update';

/** Threads of those that go unit by unit. */
export const UNIT_THREADS = 64;
/** And rows and columns of matrices that a workgroup moves. */
export const MATRIX_THREADS = 8;

/** `shaders/learning/begin.wgsl` */
export const BEGIN: Kernel = {
  label: 'begin of a batch',
  wgsl: [prelude, activation, beginWgsl],
  constants: {},
  binds: [
    ...(['run', 'step', 'unitKinds', 'pictures', 'biases', 'samples'] as const),
    ...(['activity', 'activities', 'adjoint', 'unitConstants'] as const),
  ],
};

/** `shaders/learning/equilibrium.wgsl` */
export const EQUILIBRIUM: Kernel = {
  label: 'equilibrium',
  wgsl: [prelude, activation, outputGradientWgsl, equilibriumWgsl],
  constants: {},
  binds: [
    ...(['run', 'step', 'states', 'unitConstants', 'samples', 'unitKinds'] as const),
    ...(['outcomes', 'activities', 'adjointTerms', 'adjoint'] as const),
  ],
};

/** `shaders/learning/outcome.wgsl` */
export const OUTCOMES: Kernel = {
  label: 'outcome',
  wgsl: [prelude, outcomeWgsl],
  constants: {},
  binds: ['run', 'step', 'states', 'samples', 'outcomes'],
};

/** `shaders/learning/adjoint.wgsl` */
export function adjoint(kind: ProductKind): Kernel {
  const { wgsl, constants } = sharedProduct(kind);
  return {
    label: 'adjoint',
    wgsl: [...wgsl, adjointWgsl],
    constants,
    binds: ['run', 'pass', 'layers', 'edges', 'weights', 'adjointActivity', 'adjointTerms'],
  };
}

/** The longest ‖p‖ / ‖K g‖ where there is no bound: no float32 is ever beyond it. */
const NO_BOUND = 1e30;

/** Conjugate gradients between the halves of the adjoint: `shaders/learning/conjugate-begin.wgsl`, `-step.wgsl`, `-end.wgsl`. */
export function conjugateGradients(
  { tolerance, amplification = NO_BOUND }: Extract<AdjointSolver, { kind: 'cg' }>,
  width: number,
): Readonly<Record<'begin' | 'step' | 'end', Kernel>> {
  const shared = ['run', 'unitKinds', 'adjoint', 'adjointSolve', 'adjointSamples'] as const;
  const THREADS = threadsFor(width);
  return {
    begin: {
      label: 'conjugate gradients begin',
      wgsl: [conjugateBeginWgsl],
      constants: {},
      binds: ['run', 'unitKinds', 'adjointTerms', 'adjointSolve', 'adjointSamples'],
    },
    step: {
      label: 'conjugate gradients',
      wgsl: [prelude, reduce, conjugateStepWgsl],
      constants: { THREADS, TOLERANCE: tolerance },
      binds: [...shared, 'samples'],
    },
    end: {
      label: 'conjugate gradients end',
      wgsl: [prelude, reduce, conjugateEndWgsl],
      constants: { THREADS, AMPLIFICATION: Math.min(amplification, NO_BOUND) },
      binds: [...shared, 'samples', 'step', 'outcomes'],
    },
  };
}

/** `shaders/learning/unrolled-begin.wgsl` */
export const UNROLLED_BEGIN: Kernel = {
  label: 'begin of unrolled steps',
  wgsl: [prelude, activation, outputGradientWgsl, unrolledBeginWgsl],
  constants: {},
  binds: [
    ...(['run', 'step', 'states', 'unitConstants', 'samples', 'unitKinds'] as const),
    ...(['outcomes', 'activities', 'unrolled', 'unrolledMoves'] as const),
  ],
};

/** `shaders/learning/unrolled-step.wgsl` */
export function unrolledStep(kind: ProductKind, damping: number): Kernel {
  const { wgsl, constants } = sharedProduct(kind);
  return {
    label: 'unrolled step',
    wgsl: [prelude, ...UNIT_WGSL, ...wgsl, unrolledStepWgsl],
    constants: { ...constants, ...UNIT_CONSTANTS, DAMPING: damping },
    binds: [
      ...(['run', 'pass', 'layers', 'edges', 'weights', 'unitConstants', 'samples'] as const),
      ...(['unrolled', 'unrolledMoves', 'unrolledActivity'] as const),
    ],
  };
}

/** `shaders/learning/unrolled-back.wgsl` */
export function unrolledBack(kind: ProductKind): Kernel {
  const { wgsl, constants } = sharedProduct(kind);
  return {
    label: 'unrolled step, back',
    wgsl: [prelude, ...wgsl, unrolledBackWgsl],
    constants,
    binds: [
      ...(['run', 'pass', 'layers', 'edges', 'weights', 'samples'] as const),
      ...(['unrolled', 'unrolledMoves', 'adjointActivity'] as const),
    ],
  };
}

/** `follow(w, g, at)` of an optimiser, and its constants. */
function optimiser(settings: OptimiserSettings): {
  readonly wgsl: string;
  readonly constants: Kernel['constants'];
} {
  switch (settings.kind) {
    case 'madam':
      return { wgsl: madamWgsl, constants: { BETA, BOUND: settings.bound, CUBIC } };
    case 'adam':
      return { wgsl: adamWgsl, constants: { BETA, FIRST_BETA, EPSILON: ADAM_EPSILON } };
    case 'sgd':
      return { wgsl: sgdWgsl, constants: { MOMENTUM: settings.momentum } };
  }
}

/** `shaders/learning/learn-weights.wgsl` */
export function learnWeights(settings: OptimiserSettings): Kernel {
  const { wgsl, constants } = optimiser(settings);
  return {
    label: `learn weights, ${settings.kind}`,
    wgsl: [wgsl, learnWeightsWgsl],
    constants,
    binds: ['run', 'step', 'parameter', 'learnedWeights', 'moments', 'activities', 'adjoint'],
  };
}

/** `shaders/learning/learn-biases.wgsl` */
export function learnBiases(settings: OptimiserSettings): Kernel {
  const { wgsl, constants } = optimiser(settings);
  return {
    label: `learn biases, ${settings.kind}`,
    wgsl: [wgsl, learnBiasesWgsl],
    constants,
    binds: ['run', 'step', 'parameter', 'biases', 'moments', 'adjoint'],
  };
}
