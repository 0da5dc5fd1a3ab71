/** What Recall is asked, as a sentence. */
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { AssociativeKind } from '../../../../memory/associative';
import { chooseDamage, setDamage } from '../../../actions/cue';
import { networkNames } from '../../../actions/outcome';
import { chooseSet } from '../../../actions/sets';
import { chooseNetwork, openDialog } from '../../../actions/setup';
import { chosenSet, isMasked } from '../../../store';
import { StoreController } from '../../../store-controller';
import { icon } from '../../../ui/icons';
import { corruptions, NO_DAMAGE } from '../../shared/corruptions';
import { memoryUnits } from '../../shared/equations';
import { seedSetting } from '../../shared/settings/cue-settings';
import { AskedWords } from '../../stage/elements/asked-words';
import { cueWords } from '../../stage/words';

const networks: readonly { readonly value: AssociativeKind; readonly hint: string }[] = [
  {
    value: 'classical',
    hint: 'Weights by the pseudo-inverse, memory units that pass on what they hear: Hopfield’s own, continuous.',
  },
  { value: 'dense', hint: 'A power of the overlap: more memories fit, and similar ones are told apart.' },
  { value: 'modern', hint: 'A softmax over the memories: one step of attention, and nearly no limit.' },
];

@customElement('stage-words')
export class StageWords extends AskedWords<'set' | 'network' | 'damage'> {
  private readonly shown = new StoreController(this, (state) => ({
    sets: state.sets,
    entry: chosenSet(state),
    kind: state.kind,
    cue: state.cue,
    corruption: state.corruption,
  }));

  protected override sentence() {
    const { entry, kind, cue } = this.shown.value;
    return html`Recall ${this.word('set', entry?.set.name ?? 'nothing', 'Which memories')} from a
    ${this.word('network', networkNames[kind], 'Which network')} memory,
    ${this.word('damage', cueWords(cue), 'What is done to the cue', ',')}`;
  }

  protected override panels() {
    return html`
      ${this.panel('set', 'Which memories', () => this.setPanel())}
      ${this.panel('network', 'Which network', () => this.networkPanel())}
      ${this.panel('damage', 'What is done to the cue', () => this.damagePanel())}
    `;
  }

  private setPanel() {
    const { sets, entry } = this.shown.value;
    return html`${sets.map(({ id, set }) =>
        this.choice(
          set.name,
          `${set.memories.length} ${set.memories.length === 1 ? 'memory' : 'memories'} of ${set.width} × ${set.height} pixels`,
          id === entry?.id,
          () => chooseSet(id),
        ),
      )} <button @click=${() => openDialog({ kind: 'new-set' })}>${icon('plus')}New set</button>`;
  }

  private networkPanel() {
    return html`${networks.map(({ value, hint }) =>
      this.choice(
        networkNames[value],
        hint,
        value === this.shown.value.kind,
        () => chooseNetwork(value),
        memoryUnits[value],
      ),
    )}`;
  }

  private damagePanel() {
    const { corruption, cue } = this.shown.value;
    const { kind, amount } = corruption;
    const masked = isMasked(cue);
    return html`
      ${
        masked
          ? html`<p class="hint">
              Masked pixels replace the damage. What is chosen here damages the memory, and takes the mask
              away.
            </p>`
          : nothing
      }
      ${this.choice(NO_DAMAGE.label, NO_DAMAGE.hint ?? '', amount === 0 && !masked, () => chooseDamage(null))}
      ${corruptions.map(({ value, label, hint }) =>
        this.choice(label, hint ?? '', value === kind && amount > 0 && !masked, () => chooseDamage(value)),
      )}
      ${seedSetting(corruption.seed, (seed) => setDamage({ seed })).field}
    `;
  }
}
