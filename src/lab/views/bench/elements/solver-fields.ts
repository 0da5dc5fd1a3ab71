/** The order of updates, the solver with its own settings, and when a run is over. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { chooseFastest, chooseSchedule, chooseSolver, dampPicard, setSolver } from '../../../actions/setup';
import { FASTEST } from '../../../../solve/presets';
import { initialSolvers, missingFor, moduleOf, parameterValue, type Solver } from '../../../../solve/solvers';
import { refusalText, solverNames } from '../../../actions/outcome';
import { dynamicsOf } from '../../../../memory/associative';
import { conflict, localSolves, settingsFor } from '../../../../memory/compatible';
import { chosenMemory } from '../../../store';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { choiceField, telling } from '../../../ui/told-choice';
import '../../../ui/choice-field';
import {
  criteria,
  localSolveChoices,
  schedules,
  solvers,
  wordChoices,
} from '../../shared/settings/solver-choices';
import { limitSetting, MOST_ITERATIONS, toleranceSetting } from '../../shared/settings/bound-settings';
import { criterionSetting, localSolveSetting, solverSettings } from '../../shared/settings/solver-settings';
import { fieldsOf } from '../../shared/settings/setting';

/** Takes a solver with another setting. */
function take(solver: Solver): void {
  if (solver.kind === 'picard') dampPicard(solver.damping);
  else setSolver(solver);
}

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
        ${localSolveSetting(memory, solve)?.field ?? nothing} ${criterionSetting(criterion).field}
      </div>
      <p class="problem" aria-live="polite" ?hidden=${refusal === null}>
        ${refusal === null ? '' : refusalText(refusal)}
      </p>
      <p class="hint" aria-live="polite">
        ${telling(schedules, schedule)} ${telling(solvers, shownSolver)}${this.aside()}
        ${preset === null ? this.meanings(solver, false) : ''}
        ${local ? html`${telling(localSolveChoices, local)}${offered.length === 1 ? NO_ROOT : ''}` : ''}
        ${telling(criteria, criterion)}
      </p>
      <div class="numbers">
        ${fieldsOf(solverSettings(preset ? initialSolvers.picard : solver, false, take))}
        ${toleranceSetting(solve.tolerance).field}
        ${limitSetting(solve.iterationLimit, MOST_ITERATIONS.bench).field}
      </div>
      ${this.foldedAway(solver)}
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

  /** What the words mean that parameters stand at. */
  private meanings(solver: Solver, folded: boolean): readonly (TemplateResult | string)[] {
    return Object.entries(moduleOf(solver.kind).parameters).map(([name, parameter]) => {
      if ((parameter.folded ?? false) !== folded) return '';
      if (parameter.type === 'number')
        return folded ? html`<b>${parameter.label}</b>: ${parameter.hint}. ` : '';
      const value = parameterValue(solver, name);
      const word = parameter.type === 'choice' ? String(value) : value === 'auto' ? 'auto' : 'fixed';
      return telling(wordChoices(parameter.words), word);
    });
  }

  private foldedAway(solver: Solver): TemplateResult | typeof nothing {
    const folded = Object.values(moduleOf(solver.kind).parameters).filter((each) => each.folded);
    if (folded.length === 0) return nothing;
    return html`<details>
      <summary>${joined(folded.map(({ label }) => label))}</summary>
      <div class="grid">${fieldsOf(solverSettings(solver, true, take))}</div>
      <p class="hint">${this.meanings(solver, true)}</p>
    </details>`;
  }
}

const NO_ROOT = 'No exact one here: s / ρ′(s) does not rise for these memory units.';

/** "Ridge, ridge scale and safeguard" */
function joined(labels: readonly string[]): string {
  const [first = '', ...rest] = labels;
  const lower = [first, ...rest.map((label) => label.toLowerCase())];
  return lower.length < 2 ? first : `${lower.slice(0, -1).join(', ')} and ${lower.at(-1) ?? ''}`;
}
