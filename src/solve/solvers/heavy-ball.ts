/**
 * Heavy-ball momentum (Polyak 1964): s ← s + α(F(s) − s) + β(s − s₋₁), where F is one iteration of the schedule. It goes with
 * every schedule and dynamics.
 *
 * α and β may follow from the contraction of F. Near an equilibrium a mode of F that shrinks by ν has, under momentum, the
 * factors λ of λ² − (1 + β − α(1 − ν))λ + β = 0. Where all |λ| equal √β, no α and β do better; with a largest μ² = ν that is so at
 *
 *   layers that take turns      modes from 0 to μ²    α = ω²,  β = (ω − 1)²
 *   layers that move together   modes from −μ to μ    α = ω,   β = ω − 1       with ω = 2 / (1 + √(1 − μ²))
 *
 * (Polyak's formulas for the spectra [1 − μ², 1] and [1 − μ, 1 + μ] of 1 − F′.) While |λ| of the residuals is above √β it gives
 * ν, and so μ. Until the third state, α = 1 and β = 0: the plain iteration.
 */
import { add, dot } from '../../numbers/vectors';
import type { Accelerator, Evaluation } from './accelerator';
import type { AutoParameter, Word } from './parameter';
import { FIRST_RATIO, LARGEST_CONTRACTION } from './relaxation';
import { defineSolver } from './solver-module';

const words = (auto: string, fixed: string): { readonly auto: Word; readonly fixed: Word } => ({
  auto: { label: 'Adapted', means: auto },
  fixed: { label: 'Fixed', means: fixed },
});

const STEP: AutoParameter = {
  type: 'auto',
  label: 'Step',
  subject: 'the step α',
  hint: '1 takes the whole step of the map; above 1 goes further',
  range: { min: 0, max: 4, without: 'both', whole: false },
  initial: 'auto',
  firstFixed: 1,
  words: words(
    'the step follows the contraction that the run shows.',
    'each step is this times that of the map.',
  ),
};

const MOMENTUM: AutoParameter = {
  type: 'auto',
  label: 'Momentum',
  subject: 'the momentum β',
  hint: 'The share of the last change that is added to each step; 0 is the plain iteration',
  range: { min: 0, max: 1, without: 'max', whole: false },
  initial: 'auto',
  firstFixed: 0.3,
  words: words('the momentum follows the contraction too.', 'this share of the last change is added.'),
};

/** α and β for modes that contract by μ at most. */
export function bestMomentum(
  squaredContraction: number,
  together: boolean,
): { readonly step: number; readonly momentum: number } {
  const omega = 2 / (1 + Math.sqrt(1 - Math.min(squaredContraction, LARGEST_CONTRACTION)));
  return together ? { step: omega, momentum: omega - 1 } : { step: omega ** 2, momentum: (omega - 1) ** 2 };
}

/**
 * μ² from how residuals shrink under momentum; what was known before where they do not say.
 * @param lambda the factor of one iteration
 */
export function contractionFrom(
  lambda: number,
  { step, momentum }: { readonly step: number; readonly momentum: number },
  together: boolean,
  before: number,
): number {
  if (!(lambda < 1)) return 0;
  if (lambda <= Math.sqrt(momentum)) return before;
  const mode = 1 - (1 + momentum - lambda - momentum / lambda) / step;
  return Math.max(together ? mode ** 2 : mode, 0);
}

class HeavyBall implements Accelerator {
  private last: Float64Array | null = null;
  /** ‖F(s) − s‖ of the last two states. */
  private residuals: readonly [number, number] = [NaN, NaN];
  private states = 0;
  private squaredContraction = 0;

  constructor(
    private readonly step: number | 'auto',
    private readonly momentum: number | 'auto',
    private readonly together: boolean,
  ) {}

  next({ x, y }: Evaluation, out: Float64Array): void {
    add(out, y, -1, x);
    const size = Math.sqrt(dot(out, out));
    const [twoBefore, before] = this.residuals;
    this.residuals = [before, size];
    if (this.states++ >= FIRST_RATIO) {
      const lambda = Math.sqrt(size / twoBefore);
      this.squaredContraction = contractionFrom(
        lambda,
        this.weights(),
        this.together,
        this.squaredContraction,
      );
    }
    const { step, momentum } = this.weights();
    add(out, x, step, out);
    if (this.last) {
      // The change since the last state takes its place for a moment.
      add(this.last, x, -1, this.last);
      add(out, out, momentum, this.last);
    } else this.last = new Float64Array(x.length);
    this.last.set(x);
  }

  private weights(): { readonly step: number; readonly momentum: number } {
    const best = bestMomentum(this.squaredContraction, this.together);
    return {
      step: this.step === 'auto' ? best.step : this.step,
      momentum: this.momentum === 'auto' ? best.momentum : this.momentum,
    };
  }
}

export const heavyBall = defineSolver({
  kind: 'heavy-ball',
  name: 'Heavy ball',
  means: 'adds a share of the last change to each step, as a ball that rolls downhill keeps its speed.',
  parameters: { step: STEP, momentum: MOMENTUM },
  needs: 'nothing',
  damping: () => 0,
  acceleration: {
    create: ({ step, momentum }, { schedule }) => new HeavyBall(step, momentum, schedule === 'synchronous'),
    vectors: () => 1,
    numbers: ({ step, momentum }, { schedule }) => [
      step === 'auto' ? -1 : step,
      momentum === 'auto' ? -1 : momentum,
      schedule === 'synchronous' ? 1 : 0,
    ],
    constants: {},
  },
});
