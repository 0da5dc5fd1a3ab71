/** Every setting of Classify. */
import { customElement } from 'lit/decorators.js';
import { chooseDamage, setDamage } from '../../../actions/cue';
import { chooseModel, nameOfModel } from '../../../actions/models';
import { isMasked, type LabState } from '../../../store';
import { checkField } from '../../../ui/check-field';
import { damageKindSetting, damageSetting, seedSetting } from '../../shared/settings/cue-settings';
import type { SettingGroup } from '../../shared/settings/search';
import { choiceSetting, type Setting } from '../../shared/settings/setting';
import { localSolveSetting } from '../../shared/settings/solver-settings';
import { SettingsList } from '../../stage/elements/settings-list';
import { stageSettings } from '../../stage/stage-settings';
import { setClassify } from '../choices';
import { modelWords, sizeWords } from '../words';
import { START_MEANS, startField } from './lane-start';

function digitSettings({ digit, digitDamage, classify }: LabState): readonly Setting[] {
  return [
    {
      name: 'Place as MNIST does',
      tells: 'A drawing is scaled into 20 × 20 pixels and centred by its mass, as MNIST’s digits are',
      words: 'centre scale fit',
      field: checkField('Place as MNIST does', classify.place, (place) => setClassify({ place })),
    },
    damageKindSetting(digitDamage, chooseDamage),
    damageSetting(digitDamage.amount, isMasked(digit), (amount) => setDamage({ amount })),
    seedSetting(digitDamage.seed, (seed) => setDamage({ seed })),
  ];
}

function networkSettings({ models, classify }: LabState): readonly Setting[] {
  const choices = models.map((card) => ({
    value: card.id,
    label: card.own ? nameOfModel(card.id) : modelWords(card, models),
    tells: `${sizeWords(card.sizes)} units.`,
  }));
  return [
    ...(choices.length > 0 ? [choiceSetting('Network', choices, classify.models[0] ?? '', chooseModel)] : []),
    {
      name: 'Go on from the last equilibrium',
      tells: 'Free units start where the network last came to rest, rather than at zero',
      words: 'start warm',
      field: checkField('Go on from the last equilibrium', classify.goOn, (goOn) => setClassify({ goOn })),
    },
  ];
}

function classifySettings(state: LabState): readonly SettingGroup[] {
  const network = state.classifyStage.runs[0]?.network;
  return [
    { title: 'Digit', settings: digitSettings(state) },
    { title: 'Network', settings: networkSettings(state) },
    ...stageSettings(
      state,
      network ? localSolveSetting(network, { ...state.solve, schedule: 'even-odd' }) : null,
      { field: startField, means: START_MEANS },
    ),
  ];
}

@customElement('classify-settings')
export class ClassifySettings extends SettingsList {
  protected override groups(state: LabState) {
    return classifySettings(state);
  }
}
