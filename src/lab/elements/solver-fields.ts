/** The order of updates, the solver with its own settings, and when a run is over. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import {
  chooseFastest,
  chooseSchedule,
  chooseSolver,
  dampPicard,
  setCriterion,
  setLocalSolve,
  setSolver,
} from '../actions/setup';
import { FASTEST, initialSolvers } from '../../solve/presets';
import { missingFor } from '../../solve/solver-fit';
import { refusalText, solverNames } from '../actions/outcome';
import { LARGEST_WINDOW, type Solver, type SolveSettings } from '../../solve/settings';
import { dynamicsOf } from '../../memory/associative';
import { conflict, localSolves, settingsFor } from '../../memory/compatible';
import { chosenMemory } from '../store';
import { StoreController } from '../store-controller';
import { controls } from './controls.css';
import { numberOf } from './detail';
import {
  criteria,
  firstScales,
  localSolveChoices,
  relaxations,
  ridgeScales,
  safeguards,
  schedules,
  solvers,
} from './solver-choices';
import { choiceField, telling } from './told-choice';
import './choice-field';
import './number-field';

/** ω when it is fixed for the first time. */
const FIRST_OMEGA = 1.2;

@customElement('solver-fields')
export class SolverFields extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: calc(1.25 * var(--space));
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 122px), 1fr));
        gap: calc(1.25 * var(--space)) calc(1.5 * var(--space));
      }
      .numbers {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(96px, 1fr));
        gap: calc(1.25 * var(--space));
      }
      .problem {
        color: var(--bad);
        font-size: 0.85rem;
      }
      details > * + * {
        margin-top: var(--space);
      }
      summary {
        width: max-content;
        cursor: pointer;
        font-size: 0.8rem;
        color: var(--text-muted);
      }
      b {
        font-weight: 600;
      }
    `,
  ];

  private readonly shown = new StoreController(this, (state) => ({
    memory: chosenMemory(state),
    solve: state.solve,
    preset: state.preset,
    displaced: state.displaced,
  }));

  protected override render() {
    const { memory, solve, preset } = this.shown.value;
    const { schedule, solver, criterion = 'map' } = solve;
    const settings = settingsFor(memory, solve);
    const { local } = settings;
    const refusal = conflict(memory, settings);
    const offered = localSolves(memory, solve);
    const locals = localSolveChoices.map((choice) => ({
      ...choice,
      disabled: !offered.includes(choice.value),
    }));
    const shownSolver = preset ?? solver.kind;
    const offeredSolvers = solvers.map((choice) => {
      // Fastest brings its schedule with it.
      const [kind, under] =
        choice.value === 'fastest' ? [FASTEST.solver.kind, FASTEST.schedule] : [choice.value, schedule];
      const missing = missingFor(kind, { dynamics: dynamicsOf(memory), schedule: under });
      return missing === null
        ? choice
        : { ...choice, label: `${choice.label} (needs ${missing})`, disabled: true };
    });
    return html`
      <div class="grid">
        ${choiceField('Schedule', schedules, schedule, chooseSchedule)}
        ${choiceField('Solver', offeredSolvers, shownSolver, (kind) => {
          if (kind === 'fastest') chooseFastest();
          else chooseSolver(kind);
        })}
        ${local ? choiceField('Local solve', locals, local, setLocalSolve) : nothing}
        ${choiceField('Stop when', criteria, criterion, (chosen) => setCriterion({ criterion: chosen }))}
      </div>
      <p class="problem" aria-live="polite" ?hidden=${refusal === null}>
        ${refusal === null ? '' : refusalText(refusal, solver)}
      </p>
      <p class="hint" aria-live="polite">
        ${telling(schedules, schedule)} ${telling(solvers, shownSolver)}${this.aside()}
        ${preset === null && solver.kind === 'relaxation' ? telling(relaxations, relaxationOf(solver.omega)) : ''}
        ${preset === null && solver.kind === 'lbfgs' ? telling(firstScales, solver.firstScale ?? 'fixed') : ''}
        ${local ? html`${telling(locals, local)}${offered.length === 1 ? NO_ROOT : ''}` : ''}
        ${telling(criteria, criterion)}
      </p>
      <div class="numbers">
        ${this.parameters(preset ? initialSolvers.picard : solver)} ${this.bounds(solve)}
      </div>
      ${solver.kind === 'anderson' ? this.safeguarding(solver) : nothing}
    `;
  }

  /** Why a solver stands there that nobody chose. */
  private aside(): string {
    const { memory, solve, displaced } = this.shown.value;
    const damped = solve.solver.kind === 'picard' && solve.solver.damping > 0;
    if (displaced === null) return '';
    const kind = displaced === 'fastest' ? FASTEST.solver.kind : displaced;
    const missing = missingFor(kind, { dynamics: dynamicsOf(memory), schedule: solve.schedule });
    if (missing === null && !damped) return '';
    return `It took the place of ${solverNames[displaced]}, which needs a HAM under even-odd and does not damp. `;
  }

  private bounds({ tolerance, iterationLimit }: SolveSettings): TemplateResult {
    return html`<number-field
        label="Tolerance"
        .min=${1e-12}
        .max=${0.5}
        .value=${tolerance}
        hint="A run has converged when the residual that stops it is below this"
        @number-change=${(event: Event) => setCriterion({ tolerance: numberOf(event) })}
      ></number-field>
      <number-field
        label="Iteration limit"
        step="1"
        .min=${1}
        .max=${1_000_000}
        .value=${iterationLimit}
        hint="The last iteration that is tried"
        @number-change=${(event: Event) => setCriterion({ iterationLimit: numberOf(event) })}
      ></number-field>`;
  }

  private parameters(solver: Solver): TemplateResult | typeof nothing {
    switch (solver.kind) {
      case 'picard':
        return html`${damping(solver.damping, dampPicard)}`;
      case 'anderson':
        return html`${windowField(solver.window, (n) => setSolver({ ...solver, window: n }))}
        ${damping(solver.damping, (d) => setSolver({ ...solver, damping: d }))}`;
      case 'relaxation': {
        const { omega } = solver;
        return html`
          ${choiceField('ω', relaxations, relaxationOf(omega), (chosen) =>
            setSolver({ ...solver, omega: chosen === 'auto' ? 'auto' : FIRST_OMEGA }),
          )}
          ${
            omega === 'auto'
              ? nothing
              : html`<number-field
                  label="Fixed ω"
                  .min=${0.01}
                  .max=${1.99}
                  .value=${omega}
                  hint="1 is Picard; above 1 goes beyond where the map sends a unit"
                  @number-change=${(event: Event) => setSolver({ ...solver, omega: numberOf(event) })}
                ></number-field>`
          }
        `;
      }
      case 'lbfgs':
        return html`
          ${windowField(solver.window, (n) => setSolver({ ...solver, window: n }))}
          ${choiceField('First scale', firstScales, solver.firstScale ?? 'fixed', (firstScale) =>
            setSolver({ ...solver, firstScale }),
          )}
        `;
      case 'barzilai-borwein':
        return nothing;
    }
  }

  private safeguarding(solver: Extract<Solver, { kind: 'anderson' }>): TemplateResult {
    return html`<details>
      <summary>Ridge and safeguard</summary>
      <div class="grid">
        <number-field
          label="Ridge"
          .min=${0}
          .max=${1}
          .value=${solver.ridge}
          hint="Added to the diagonal of the residuals' Gram matrix"
          @number-change=${(event: Event) => setSolver({ ...solver, ridge: numberOf(event) })}
        ></number-field>
        ${choiceField('Ridge scale', ridgeScales, solver.ridgeScale ?? 'absolute', (ridgeScale) =>
          setSolver({ ...solver, ridgeScale }),
        )}
        ${choiceField('Safeguard', safeguards, solver.safeguard, (safeguard) => setSolver({ ...solver, safeguard }))}
      </div>
      <p class="hint">
        <b>Ridge</b>: keeps the mixing weights small where residuals look alike.
        ${telling(ridgeScales, solver.ridgeScale ?? 'absolute')} ${telling(safeguards, solver.safeguard)}
      </p>
    </details>`;
  }
}

function relaxationOf(omega: number | 'auto'): 'auto' | 'fixed' {
  return omega === 'auto' ? 'auto' : 'fixed';
}

const NO_ROOT = 'No exact one here: s / ρ′(s) does not rise for these memory units.';

function damping(value: number, chosen: (value: number) => void): TemplateResult {
  return html`<number-field
    label="Damping"
    .min=${0}
    .max=${0.99}
    .value=${value}
    hint="0 takes whole steps; 0.5 takes half of each"
    @number-change=${(event: Event) => chosen(numberOf(event))}
  ></number-field>`;
}

function windowField(value: number, chosen: (value: number) => void): TemplateResult {
  return html`<number-field
    label="Window"
    step="1"
    .min=${1}
    .max=${LARGEST_WINDOW}
    .value=${value}
    hint="How many past evaluations are remembered"
    @number-change=${(event: Event) => chosen(numberOf(event))}
  ></number-field>`;
}
