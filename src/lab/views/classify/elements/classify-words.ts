/** What Classify is asked, as a sentence. */
import { html, nothing } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { chooseDamage, setDamage } from '../../../actions/cue';
import { chooseBeside, chooseModel, nameOfModel, openModelFile } from '../../../actions/models';
import { isMasked, type ModelCard } from '../../../store';
import { StoreController } from '../../../store-controller';
import { checkField } from '../../../ui/check-field';
import { icon } from '../../../ui/icons';
import { corruptions, NO_DAMAGE } from '../../shared/corruptions';
import { seedSetting } from '../../shared/settings/cue-settings';
import { AskedWords } from '../../stage/elements/asked-words';
import { START_MEANS, startField } from './lane-start';
import type { Lane } from '../../stage/lanes';
import { setClassify } from '../choices';
import { digitWords, modelWords, sizeWords } from '../words';

@customElement('classify-words')
export class ClassifyWords extends AskedWords<'model' | 'digit'> {
  private readonly shown = new StoreController(this, (state) => ({
    models: state.models,
    classify: state.classify,
    digit: state.digit,
    damage: state.digitDamage,
  }));
  @query('input[type=file]') private file!: HTMLInputElement | null;

  private titleOf(id: string): string {
    const card = this.shown.value.models.find((one) => one.id === id);
    if (!card) return nameOfModel(id);
    return card.own ? nameOfModel(id) : modelWords(card, this.shown.value.models);
  }

  /** "a three-layer HAM", or an own one by its name. */
  private calledInText(id: string): string {
    const card = this.shown.value.models.find((one) => one.id === id);
    return card && !card.own ? `a ${modelWords(card, this.shown.value.models)}` : nameOfModel(id);
  }

  protected override sentence() {
    const { classify, digit } = this.shown.value;
    const { models, imagined } = classify;
    const names = models.map((id) => this.calledInText(id)).join(' and ');
    const does = models.length > 1 ? 'do' : 'does';
    const network = this.word('model', names, 'Which network');
    return imagined === null
      ? html`What ${does} ${network} make of ${this.word('digit', digitWords(digit), 'Which digit', ':')}`
      : html`What ${does} ${network} think ${this.word('digit', `a ${imagined}`, 'Which digit')} looks like:`;
  }

  protected override start(lane?: Lane) {
    return lane ? startField(lane) : html`<p class="hint">${START_MEANS}</p>`;
  }

  protected override panels() {
    return html`
      ${this.panel('model', 'Which network', () => this.modelPanel())}
      ${this.panel('digit', 'Which digit', () => this.digitPanel())}
      <input
        hidden
        type="file"
        accept=".safetensors"
        aria-label="Model file"
        @change=${() => {
          const file = this.file?.files?.[0];
          if (this.file) this.file.value = '';
          if (file) void openModelFile(file);
        }}
      />
    `;
  }

  private modelPanel() {
    const { models, classify } = this.shown.value;
    const [first, second] = classify.models;
    return html`
      ${models.map((card) =>
        this.choice(this.titleOf(card.id), hintOf(card), card.id === first, () => chooseModel(card.id)),
      )}
      ${models.length === 0 ? html`<p class="hint">The list of networks is being loaded.</p>` : nothing}
      <button title="A trained network in safetensors" @click=${() => this.file?.click()}>
        ${icon('folderOpen')}Your own, from a file
      </button>
      ${
        models.length < 2
          ? nothing
          : html`<h3>Beside it, on the same digit</h3>
              ${this.choice('No other', '', second === undefined, () => chooseBeside(null))}
              ${models
                .filter(({ id }) => id !== first)
                .map((card) =>
                  this.choice(this.titleOf(card.id), '', card.id === second, () => chooseBeside(card.id)),
                )}`
      }
    `;
  }

  private digitPanel() {
    const { classify, digit, damage, models } = this.shown.value;
    const { imagined, goOn } = classify;
    const outputs = models.find(({ id }) => id === classify.models[0])?.sizes.at(-1) ?? 10;
    const masked = isMasked(digit);
    const { kind, amount } = damage;
    return html`
      ${this.choice('What you draw', 'The picture is held, and the network settles on it.', imagined === null, () => setClassify({ imagined: null }))}
      ${checkField(
        'Go on from the last equilibrium',
        goOn,
        (to) => setClassify({ goOn: to }),
        'Free units start where the network last came to rest, rather than at zero',
      )}
      <h3>Or the other way round: hold an output, and free the picture</h3>
      <div class="tolerances" role="group" aria-label="What does the network think it looks like">
        ${Array.from(
          { length: outputs },
          (_, k) =>
            html`<button aria-pressed=${imagined === k} @click=${() => setClassify({ imagined: k })}>
              ${k}
            </button>`,
        )}
      </div>
      ${
        imagined === null
          ? nothing
          : html`<p class="hint">
              A network that was trained to read, and never to draw, thinks of little that a person would call
              a digit.
            </p>`
      }
      <h3>Damage</h3>
      ${masked ? html`<p class="hint">Masked pixels replace the damage. What is chosen here takes the mask away.</p>` : nothing}
      ${this.choice(NO_DAMAGE.label, '', amount === 0 && !masked, () => chooseDamage(null))}
      ${corruptions.map(({ value, label, hint }) =>
        this.choice(label, hint ?? '', value === kind && amount > 0 && !masked, () => chooseDamage(value)),
      )}
      ${seedSetting(damage.seed, (seed) => setDamage({ seed })).field}
    `;
  }
}

function hintOf({ sizes, accuracy, own }: ModelCard): string {
  const right = accuracy === undefined ? '' : ` ${accuracy} % of MNIST’s test digits right.`;
  return `${sizeWords(sizes)} units.${right}${own ? ' From your file.' : ''}`;
}
