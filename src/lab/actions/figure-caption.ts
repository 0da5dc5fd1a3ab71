/** The line below an exported figure: what was asked of its runs, as far as all of them were asked the same. */

import { dynamicsOf, type AssociativeMemory } from '../../memory/associative';
import type { ModelRun, RunRecord, SolveRecord } from '../../records/run-record';
import type { Criterion } from '../../solve/settings';
import { powerOfTen, shortNumber } from '../charts/number-text';
import { damageWords } from '../views/stage/words';
import { networkNames, scheduleNames, solverNames } from './outcome';

/** "Dense CHN, degree 3, gain 1.5, centred". */
function networkText(memory: AssociativeMemory): string {
  const name = `${networkNames[memory.kind]}${dynamicsOf(memory) === 'chn' ? ' CHN' : ''}`;
  switch (memory.kind) {
    case 'classical':
      return `${name}, gain ${shortNumber(memory.gain)}`;
    case 'dense': {
      const { degree, gain, centred = false } = memory;
      return `${name}, degree ${degree}, gain ${shortNumber(gain)}${centred ? ', centred' : ''}`;
    }
    case 'modern':
      return `${name}, sharpness ${shortNumber(memory.sharpness)}`;
  }
}

function cueText({ set, cue }: RunRecord): string {
  return `${set.name} ${cue.memory ?? 'drawing'}`;
}

/** "a fifth of the pixels flipped, seed 1, 12 of 256 pixels held"; empty where nothing was done. */
function damageText({ corruption, held, picture }: RunRecord['cue']): string {
  const count = held?.reduce((sum, one) => sum + one, 0) ?? 0;
  return [
    ...(corruption ? [damageWords(corruption)] : []),
    ...(corruption && corruption.amount > 0 ? [`seed ${corruption.seed}`] : []),
    ...(count > 0 ? [`${count} of ${picture.values.length} pixels held`] : []),
  ].join(', ');
}

function startText({ memoryStart }: RunRecord['cue']): string {
  if (memoryStart === 'best') return '';
  return memoryStart === 'zero' ? 'memory units from zero' : 'memory units from the last equilibrium';
}

function methodText({ settings: { schedule, solver }, preset }: SolveRecord): string {
  return `${scheduleNames[schedule]}, ${solverNames[preset ?? solver.kind]}`;
}

const RESIDUALS: Readonly<Record<Criterion, string>> = {
  map: '',
  step: ' on the step residual',
  paper: " by the paper's protocol",
};

function toleranceText({ tolerance, criterion = 'map' }: SolveRecord['settings']): string {
  return `tolerance ${powerOfTen(tolerance) || shortNumber(tolerance)}${RESIDUALS[criterion]}`;
}

function engineText({ kind, precision }: SolveRecord['engine']): string {
  return `${kind === 'webgpu' ? 'WebGPU' : 'CPU'}, ${precision}`;
}

const PARTS: readonly ((record: RunRecord | ModelRun) => string)[] = [
  (record) => ('memory' in record ? cueText(record) : record.digit),
  (record) => ('memory' in record ? damageText(record.cue) : ''),
  (record) => ('memory' in record ? networkText(record.memory) : record.model),
  (record) => ('memory' in record ? startText(record.cue) : ''),
  methodText,
  ({ settings }) => toleranceText(settings),
  ({ engine }) => engineText(engine),
];

/** What the runs have in common, a part each: what they differ in, their names tell. */
export function figureCaption(records: readonly (RunRecord | ModelRun)[]): readonly string[] {
  return PARTS.flatMap((part) => {
    const [text, ...others] = new Set(records.map(part));
    return text !== undefined && text !== '' && others.length === 0 ? [text] : [];
  });
}
