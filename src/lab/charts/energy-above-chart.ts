import { customElement } from 'lit/decorators.js';
import { MEASURES } from './measure';
import { RunChart } from './run-chart';

/** Energy above the lowest of all, against iteration, on a log axis. Its runs' traces hold that as their energy. */
@customElement('energy-above-chart')
export class EnergyAboveChart extends RunChart {
  protected override readonly heading = 'Energy';
  protected override readonly measure = MEASURES['energy-above'];
}
