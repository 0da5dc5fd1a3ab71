/** A run of the lab as the charts take it. */
import type { ChartRun } from './charts/chart-run';
import { updatesPerIteration } from '../records/run-record';
import type { LabRun } from './store';

export function chartedRun({
  id,
  record,
  hidden,
  style,
}: Pick<LabRun, 'record' | 'hidden' | 'style'> & { readonly id: number | string }): ChartRun {
  return {
    id: String(id),
    name: record.name,
    colour: style,
    hidden,
    trace: record.trace,
    tolerance: record.settings.tolerance,
    criterion: record.settings.criterion ?? 'map',
    updatesPerIteration: updatesPerIteration(record),
    freeUnits: record.freeUnits,
    running: record.stop === null,
  };
}
