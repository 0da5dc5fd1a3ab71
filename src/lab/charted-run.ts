/** A run of the lab as the charts take it. */
import type { ChartRun } from './charts/chart-run';
import { updatesPerIteration, type ModelRun, type RunRecord } from '../records/run-record';

/** A run of the bench or of a stage, with how it is drawn. */
export type ChartedRun = {
  readonly id: number | string;
  readonly record: RunRecord | ModelRun;
  readonly hidden: boolean;
  /** Which colour and dash pattern it is drawn with. */
  readonly style: number;
};

export function chartedRun({ id, record, hidden, style }: ChartedRun): ChartRun {
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
