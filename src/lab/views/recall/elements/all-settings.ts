/** Every setting of Recall, and of the bench where both have it. */
import { customElement } from 'lit/decorators.js';
import type { LabState } from '../../../store';
import { SettingsList } from '../../stage/elements/settings-list';
import { recallSettings } from '../recall-settings';

@customElement('all-settings')
export class AllSettings extends SettingsList {
  protected override groups(state: LabState) {
    return recallSettings(state);
  }
}
