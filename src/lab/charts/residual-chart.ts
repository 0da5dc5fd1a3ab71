import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { AXES, AXIS_KINDS, type Axis, type AxisKind } from './axis';
import { INITIAL_VIEW, MEASURES, type Measure, type ResidualView } from './measure';
import { RunChart } from './run-chart';

/** Whether two views differ in what they show: one that is only another object is no reason to draw all of it again. */
function isOther(view: ResidualView, before?: ResidualView): boolean {
  return view.residual !== before?.residual || view.axis !== before.axis;
}

/**
 * A residual against the work done, on a log axis, with the tolerance drawn in where it is a bound of that residual.
 * @fires view-change - `detail` is the part of the view that was chosen.
 */
@customElement('residual-chart')
export class ResidualChart extends RunChart {
  /** Which residual, against what. */
  @property({ attribute: false, hasChanged: isOther }) view: ResidualView = INITIAL_VIEW;

  protected override readonly heading = 'Residual';

  protected override get measure(): Measure {
    return MEASURES[`${this.view.residual}-residual`];
  }

  protected override get axis(): Axis {
    return AXES[this.view.axis];
  }

  protected override controls(): TemplateResult {
    const { residual, axis } = this.view;
    const kinds: readonly ResidualView['residual'][] = ['map', 'step'];
    return html`
      <select
        aria-label="Residual shown"
        .value=${residual}
        @change=${(event: Event) => this.#choose(kinds, event, (kind) => ({ residual: kind }))}
      >
        ${kinds.map((kind) => {
          const { title } = MEASURES[`${kind}-residual`];
          return html`<option value=${kind} ?selected=${kind === residual}>${title}</option>`;
        })}
      </select>
      ${this.#axes(axis)}
    `;
  }

  /** Against what. */
  #axes(axis: AxisKind): TemplateResult {
    return html`
      <select
        aria-label="Against"
        title=${AXES[axis].tells}
        .value=${axis}
        @change=${(event: Event) => this.#choose(AXIS_KINDS, event, (kind) => ({ axis: kind }))}
      >
        ${AXIS_KINDS.map(
          (kind) => html`<option value=${kind} ?selected=${kind === axis}>${AXES[kind].name}</option>`,
        )}
      </select>
    `;
  }

  #choose<T extends string>(
    choices: readonly T[],
    event: Event,
    part: (choice: T) => Partial<ResidualView>,
  ): void {
    const { value } = event.target as HTMLSelectElement;
    const choice = choices.find((each) => each === value);
    if (choice) this.dispatchEvent(new CustomEvent('view-change', { detail: part(choice) }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'residual-chart': ResidualChart;
  }
}
