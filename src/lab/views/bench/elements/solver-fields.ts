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
} from '../../../actions/setup';
import { FASTEST } from '../../../../solve/presets';
import {
  initialSolvers,
  missingFor,
  moduleOf,
  parameterValue,
  withParameter,
  type Solver,
} from '../../../../solve/solvers';
import type {
  AutoParameter,
  NumberParameter,
  Parameter,
  ParameterValue,
} from '../../../../solve/solvers/parameter';
import { refusalText, solverNames } from '../../../actions/outcome';
import type { SolveSettings } from '../../../../solve/settings';
import { dynamicsOf } from '../../../../memory/associative';
import { conflict, localSolves, settingsFor } from '../../../../memory/compatible';
import { chosenMemory } from '../../../store';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { numberOf } from '../../../ui/detail';
import { criteria, localSolveChoices, schedules, solvers, wordChoices } from './solver-choices';
import { choiceField, telling } from '../../../ui/told-choice';
import '../../../ui/choice-field';
import '../../../ui/number-field';

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
        ${refusal === null ? '' : refusalText(refusal)}
      </p>
      <p class="hint" aria-live="polite">
        ${telling(schedules, schedule)} ${telling(solvers, shownSolver)}${this.aside()}
        ${preset === null ? this.meanings(solver, false) : ''}
        ${local ? html`${telling(locals, local)}${offered.length === 1 ? NO_ROOT : ''}` : ''}
        ${telling(criteria, criterion)}
      </p>
      <div class="numbers">
        ${this.parameters(preset ? initialSolvers.picard : solver, false)} ${this.bounds(solve)}
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

  /** The fields of those parameters that are folded away, or of those that are not. */
  private parameters(solver: Solver, folded: boolean): readonly (TemplateResult | typeof nothing)[] {
    const { parameters } = moduleOf(solver.kind);
    return Object.entries(parameters).flatMap(([name, parameter]) =>
      (parameter.folded ?? false) === folded ? this.parameter(solver, name, parameter) : [],
    );
  }

  private parameter(solver: Solver, name: string, parameter: Parameter): readonly TemplateResult[] {
    const value = parameterValue(solver, name);
    const choose = (chosen: ParameterValue): void => {
      const next = withParameter(solver, name, chosen);
      if (next.kind === 'picard') dampPicard(next.damping);
      else setSolver(next);
    };
    if (parameter.type === 'choice') {
      return [choiceField(parameter.label, wordChoices(parameter.words), String(value), choose)];
    }
    if (parameter.type === 'number')
      return [parameterField(parameter.label, parameter, Number(value), choose)];
    const { label, firstFixed, words } = parameter;
    const fixed = value !== 'auto';
    const field = choiceField(label, wordChoices(words), fixed ? 'fixed' : 'auto', (chosen) =>
      choose(chosen === 'auto' ? 'auto' : firstFixed),
    );
    return fixed
      ? [field, parameterField(`Fixed ${label.toLowerCase()}`, parameter, Number(value), choose)]
      : [field];
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
      <div class="grid">${this.parameters(solver, true)}</div>
      <p class="hint">${this.meanings(solver, true)}</p>
    </details>`;
  }
}

const NO_ROOT = 'No exact one here: s / ρ′(s) does not rise for these memory units.';

/** The smallest step from a bound that does not belong to a range. */
const BESIDE = 0.01;

/** The largest number that a field without an upper bound takes. */
const LARGEST = 1;

function parameterField(
  label: string,
  { range, hint }: NumberParameter | AutoParameter,
  value: number,
  chosen: (value: number) => void,
): TemplateResult {
  const { min, max, without, whole } = range;
  return html`<number-field
    label=${label}
    step=${whole ? '1' : 'any'}
    .min=${without === 'min' || without === 'both' ? min + BESIDE : min}
    .max=${max === Infinity ? LARGEST : without === 'max' || without === 'both' ? max - BESIDE : max}
    .value=${value}
    hint=${hint}
    @number-change=${(event: Event) => chosen(numberOf(event))}
  ></number-field>`;
}

/** "Ridge, ridge scale and safeguard" */
function joined(labels: readonly string[]): string {
  const [first = '', ...rest] = labels;
  const lower = [first, ...rest.map((label) => label.toLowerCase())];
  return lower.length < 2 ? first : `${lower.slice(0, -1).join(', ')} and ${lower.at(-1) ?? ''}`;
}
