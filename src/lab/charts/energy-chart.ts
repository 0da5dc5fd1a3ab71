import { customElement } from 'lit/decorators.js';
import { MEASURES } from './measure';
import { RunChart } from './run-chart';

/** Energy against iteration. */
@customElement('energy-chart')
export class EnergyChart extends RunChart {
  protected override readonly heading = 'Energy';
  protected override readonly measure = MEASURES.energy;
}

declare global {
  interface HTMLElementTagNameMap {
    'energy-chart': EnergyChart;
  }
}
