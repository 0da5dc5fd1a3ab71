/** What runs: the network's energy and dynamics, and below them how an equilibrium of it is found. */
import { LitElement, css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { dynamicsOf } from '../../../../memory/associative';
import { lastEquilibrium } from '../../../last-equilibrium';
import { chosenMemory } from '../../../store';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { telling } from '../../../ui/told-choice';
import { caution, dynamics, networks, networkSettings, starts } from '../../shared/settings/network-settings';
import { fieldsOf } from '../../shared/settings/setting';
import './solver-fields';

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
    return html`
      <section class="card" aria-labelledby="title">
        <h2 id="title">Network and solver</h2>
        <div class="grid">${fieldsOf(networkSettings(memory, memoryStart, rested))}</div>
        <p class="hint" aria-live="polite">
          ${telling(networks, memory.kind)} ${telling(dynamics, dynamicsOf(memory))}${caution(memory)}
          ${memoryStart === 'best' || (memoryStart === 'last' && !rested) ? '' : telling(starts, memoryStart)}
          ${rested ? '' : NONE_YET}${memoryStart === 'last' && !rested ? 'Until then they start at their best.' : ''}
        </p>
        <solver-fields></solver-fields>
      </section>
    `;
  }
}
