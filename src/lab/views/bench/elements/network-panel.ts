/** What runs: the network's energy and dynamics, and below them how an equilibrium of it is found. */
import { LitElement, css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { chooseDynamics, chooseNetwork, setMemory, setMemoryStart } from '../../../actions/setup';
import type { Dynamics } from '../../../../network/network';
import { dynamicsOf, type AssociativeKind, type AssociativeMemory } from '../../../../memory/associative';
import { parameters } from '../../../../memory/parameters';
import { lastEquilibrium } from '../../../last-equilibrium';
import { chosenMemory, type MemoryStartChoice } from '../../../store';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { numberOf } from '../../../ui/detail';
import { choiceField, telling, type Told } from '../../../ui/told-choice';
import '../../../ui/choice-field';
import '../../../ui/number-field';
import './solver-fields';

const networks: readonly Told<AssociativeKind>[] = [
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

const dynamics: readonly Told<Dynamics>[] = [
  { value: 'ham', label: 'HAM', tells: 'a unit moves to its drive C (Krotov 2021).' },
  {
    value: 'chn',
    label: 'CHN',
    tells: 'a unit moves to ρ′(s)·C (Bengio & Fischer 2015), which takes more iterations.',
  },
];

/** What else is to be said of a memory's dynamics. */
function caution(memory: AssociativeMemory): string {
  if (memory.kind === 'modern') return 'Softmax ties the memory units together, so Modern is a HAM only. ';
  return memory.kind === 'dense' && memory.dynamics === 'chn' && memory.degree >= 2
    ? 'From degree 2 up the energy of a Dense CHN has no floor, so it diverges. '
    : '';
}

const starts: readonly Told<MemoryStartChoice>[] = [
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

/** Why there is no last equilibrium to start at. */
const NONE_YET = 'Last equilibrium: none yet, since no run in the list has converged with this network. ';

@customElement('network-panel')
export class NetworkPanel extends LitElement {
  static override styles = [
    controls,
    css`
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 122px), 1fr));
        gap: calc(1.25 * var(--space)) calc(1.5 * var(--space));
      }
      b {
        font-weight: 600;
      }
      solver-fields {
        border-top: 1px solid var(--border);
        padding-top: calc(1.25 * var(--space));
      }
      /* Four do not fit beside the charts here; three and one would look forgotten. */
      @media (min-width: 1200px) and (max-width: 1360px) {
        .grid {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }
    `,
  ];

  private readonly shown = new StoreController(this, (state) => ({
    memory: chosenMemory(state),
    memoryStart: state.memoryStart,
    rested: lastEquilibrium(state) !== null,
  }));

  protected override render() {
    const { memory, memoryStart, rested } = this.shown.value;
    const offered = dynamics.map((each) => ({
      ...each,
      disabled: memory.kind === 'modern' && each.value === 'chn',
    }));
    const begun = starts.map((each) => ({ ...each, disabled: each.value === 'last' && !rested }));
    return html`
      <section class="card" aria-labelledby="title">
        <h2 id="title">Network and solver</h2>
        <div class="grid">
          ${choiceField('Network', networks, memory.kind, chooseNetwork)}
          ${choiceField('Dynamics', offered, dynamicsOf(memory), chooseDynamics)}
          ${choiceField('Memory start', begun, memoryStart, setMemoryStart)} ${this.parameters(memory)}
        </div>
        <p class="hint" aria-live="polite">
          ${telling(networks, memory.kind)} ${telling(dynamics, dynamicsOf(memory))}${caution(memory)}
          ${memoryStart === 'best' || (memoryStart === 'last' && !rested) ? '' : telling(starts, memoryStart)}
          ${rested ? '' : NONE_YET}${memoryStart === 'last' && !rested ? 'Until then they start at their best.' : ''}
        </p>
        <solver-fields></solver-fields>
      </section>
    `;
  }

  private parameters(memory: AssociativeMemory) {
    switch (memory.kind) {
      case 'classical':
        return this.gain(memory);
      case 'dense':
        return html`${this.gain(memory)}
          <number-field
            label="Degree"
            .min=${parameters.dense.degree.min}
            .max=${parameters.dense.degree.max}
            .value=${memory.degree}
            hint="The power that memory units raise their drive to"
            @number-change=${(event: Event) => setMemory({ ...memory, degree: numberOf(event) })}
          ></number-field>
          <label class="check" title="Pictures are compared by how they differ from the mean of the memories">
            <input
              type="checkbox"
              .checked=${memory.centred === true}
              @change=${(event: Event) => {
                if (event.target instanceof HTMLInputElement)
                  setMemory({ ...memory, centred: event.target.checked });
              }}
            />
            Centred
          </label>`;
      case 'modern':
        return html`<number-field
          label="Sharpness β·N"
          .min=${parameters.modern.sharpness.min}
          .max=${parameters.modern.sharpness.max}
          .value=${memory.sharpness}
          hint="β times the number of pixels: higher decides harder"
          @number-change=${(event: Event) => setMemory({ ...memory, sharpness: numberOf(event) })}
        ></number-field>`;
    }
  }

  private gain(memory: Exclude<AssociativeMemory, { kind: 'modern' }>) {
    return html`<number-field
      label="Gain"
      .min=${parameters[memory.kind].gain.min}
      .max=${parameters[memory.kind].gain.max}
      .value=${memory.gain}
      hint="How steep the tanh of the pixels is"
      @number-change=${(event: Event) => setMemory({ ...memory, gain: numberOf(event) })}
    ></number-field>`;
  }
}
