import { customElement, property } from 'lit/decorators.js';
import { MEASURES, type Measure } from './measure';
import { RunChart } from './run-chart';

/** A residual against iteration on a log axis, with the tolerance drawn in where it is a bound of that residual. */
@customElement('residual-chart')
export class ResidualChart extends RunChart {
  /** The map residual ‖f(s) − s‖ / ‖f(s)‖, which the tolerance bounds, or the step residual. */
  @property() residual: 'map' | 'step' = 'map';

  protected override readonly heading = 'Residual';

  protected override get measure(): Measure {
    return MEASURES[`${this.residual}-residual`];
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'residual-chart': ResidualChart;
  }
}
