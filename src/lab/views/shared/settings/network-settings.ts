/** The network: its energy and dynamics, where its memory units start, and its numbers. */
import { chooseDynamics, chooseNetwork, setMemory, setMemoryStart } from '../../../actions/setup';
import type { Dynamics } from '../../../../network/network';
import { dynamicsOf, type AssociativeKind, type AssociativeMemory } from '../../../../memory/associative';
import { parameters } from '../../../../memory/parameters';
import type { MemoryStartChoice } from '../../../store';
import { checkField } from '../../../ui/check-field';
import type { Told } from '../../../ui/told-choice';
import { choiceSetting, numberSetting, type Setting } from './setting';

export const networks: readonly Told<AssociativeKind>[] = [
  {
    value: 'classical',
    label: 'Classical',
    tells: 'pseudo-inverse weights hold as many memories as there are pixels, if they are independent.',
  },
  {
    value: 'dense',
    label: 'Dense',
    tells: 'memory units raise their drive to a power, so that the nearest memory wins.',
  },
  {
    value: 'modern',
    label: 'Modern',
    tells: 'a softmax picks among the memories, and one even-odd iteration all but decides.',
  },
];

export const dynamics: readonly Told<Dynamics>[] = [
  { value: 'ham', label: 'HAM', tells: 'a unit moves to its drive C (Krotov 2021).' },
  {
    value: 'chn',
    label: 'CHN',
    tells: 'a unit moves to ρ′(s)·C (Bengio & Fischer 2015), which takes more iterations.',
  },
];

/** What else is to be said of a memory's dynamics. */
export function caution(memory: AssociativeMemory): string {
  if (memory.kind === 'modern') return 'Softmax ties the memory units together, so Modern is a HAM only. ';
  return memory.kind === 'dense' && memory.dynamics === 'chn' && memory.degree >= 2
    ? 'From degree 2 up the energy of a Dense CHN has no floor, so it diverges. '
    : '';
}

export const starts: readonly Told<MemoryStartChoice>[] = [
  { value: 'best', label: 'Best for the cue', tells: 'memory units start at their drive from the cue.' },
  {
    value: 'zero',
    label: 'Zero',
    tells:
      'a lesson, since synchronous then ends in a two-cycle: one of its two interleaved runs starts from nothing.',
  },
  {
    value: 'last',
    label: 'Last equilibrium',
    tells:
      'memory units start where this network last came to rest. Where they move first (even-odd, sweep down) that changes nothing; where pixels do (coloured, sweep up) these come from them and the cue is lost; synchronous weaves both into one run.',
  },
];

/** @param rested whether there is a last equilibrium to start at */
export function networkSettings(
  memory: AssociativeMemory,
  memoryStart: MemoryStartChoice,
  rested: boolean,
): readonly Setting[] {
  const offered = dynamics.map((each) => ({
    ...each,
    disabled: memory.kind === 'modern' && each.value === 'chn',
  }));
  const begun = starts.map((each) => ({ ...each, disabled: each.value === 'last' && !rested }));
  return [
    choiceSetting('Network', networks, memory.kind, chooseNetwork),
    choiceSetting('Dynamics', offered, dynamicsOf(memory), chooseDynamics),
    choiceSetting('Memory start', begun, memoryStart, setMemoryStart),
    ...numbersOf(memory),
  ];
}

function numbersOf(memory: AssociativeMemory): readonly Setting[] {
  switch (memory.kind) {
    case 'classical':
      return [gain(memory)];
    case 'dense':
      return [
        gain(memory),
        numberSetting(
          'Degree',
          parameters.dense.degree,
          memory.degree,
          'The power that memory units raise their drive to',
          (degree) => setMemory({ ...memory, degree }),
        ),
        centred(memory),
      ];
    case 'modern':
      return [
        numberSetting(
          'Sharpness β·N',
          parameters.modern.sharpness,
          memory.sharpness,
          'β times the number of pixels: higher decides harder',
          (sharpness) => setMemory({ ...memory, sharpness }),
        ),
      ];
  }
}

function centred(memory: Extract<AssociativeMemory, { kind: 'dense' }>): Setting {
  const tells = 'Pictures are compared by how they differ from the mean of the memories';
  const set = (chosen: boolean): void => setMemory({ ...memory, centred: chosen });
  return {
    name: 'Centred',
    tells,
    words: '',
    field: checkField('Centred', memory.centred === true, set, tells),
  };
}

function gain(memory: Exclude<AssociativeMemory, { kind: 'modern' }>): Setting {
  return numberSetting(
    'Gain',
    parameters[memory.kind].gain,
    memory.gain,
    'How steep the tanh of the pixels is',
    (chosen) => setMemory({ ...memory, gain: chosen }),
  );
}
