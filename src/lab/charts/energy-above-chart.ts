import { customElement, property } from 'lit/decorators.js';
import { AXES, type Axis, type AxisKind } from './axis';
import { MEASURES } from './measure';
import { RunChart } from './run-chart';

/** Energy above the lowest of all, against the work done, on a log axis. Its runs' traces hold that as their energy. */
@customElement('energy-above-chart')
export class EnergyAboveChart extends RunChart {
  @property({ attribute: false }) against: AxisKind = 'iterations';

  protected override readonly heading = 'Energy';
  protected override readonly measure = MEASURES['energy-above'];

  protected override get axis(): Axis {
    return AXES[this.against];
  }
}
