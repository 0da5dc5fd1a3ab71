/** Every setting of Recall, group by group. */
import { html } from 'lit';
import { chooseDamage, setDamage } from '../../actions/cue';
import { lastEquilibrium } from '../../last-equilibrium';
import { chosenMemory, chosenSet, isMasked, type LabState } from '../../store';
import '../shared/memory-list';
import {
  brushSetting,
  damageKindSetting,
  damageSetting,
  fitSetting,
  holdSetting,
  seedSetting,
  setSetting,
} from '../shared/settings/cue-settings';
import { networkSettings } from '../shared/settings/network-settings';
import type { SettingGroup } from '../shared/settings/search';
import type { Setting } from '../shared/settings/setting';
import { localSolveSetting } from '../shared/settings/solver-settings';
import { stageSettings } from '../stage/stage-settings';

function memoriesAndCue(state: LabState): readonly Setting[] {
  const { sets, corruption, holdIntact, fit, brush, cue } = state;
  return [
    setSetting(sets, chosenSet(state)?.id ?? ''),
    {
      name: 'Memory',
      tells: 'The one that the cue is made from',
      words: 'cue picture',
      field: html`<span class="hint">Memory</span><memory-list></memory-list>`,
    },
    damageKindSetting(corruption, chooseDamage),
    damageSetting(corruption.amount, isMasked(cue), (amount) => setDamage({ amount })),
    seedSetting(corruption.seed, (seed) => setDamage({ seed })),
    holdSetting(holdIntact),
    fitSetting(fit),
    brushSetting(brush, cue.picture),
  ];
}

export function recallSettings(state: LabState): readonly SettingGroup[] {
  const { memoryStart, solve } = state;
  const memory = chosenMemory(state);
  // The lanes have schedules of their own; the one that asks for a local solve is any but the synchronous.
  const local = localSolveSetting(memory, { ...solve, schedule: 'even-odd' });
  return [
    { title: 'Memories and cue', settings: memoriesAndCue(state) },
    { title: 'Network', settings: networkSettings(memory, memoryStart, lastEquilibrium(state) !== null) },
    ...stageSettings(state, local),
  ];
}
