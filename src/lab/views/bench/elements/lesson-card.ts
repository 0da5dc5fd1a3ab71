/** What the lesson that is on teaches, beside the charts that show it. */
import { LitElement, css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { putLessonAway } from '../../../actions/lessons';
import { StoreController } from '../../../store-controller';
import { controls } from '../../../ui/controls.css';
import { icon } from '../../../ui/icons';

@customElement('lesson-card')
export class LessonCard extends LitElement {
  static override styles = [
    controls,
    css`
      .card {
        border-left: 4px solid var(--accent);
        gap: 4px;
      }
      .head {
        flex-wrap: nowrap;
      }
    `,
  ];

  private readonly lesson = new StoreController(this, (state) => state.lesson);

  protected override render() {
    const lesson = this.lesson.value;
    this.hidden = lesson === null;
    return html`
      <section class="card" aria-labelledby="title" ?hidden=${lesson === null}>
        <div class="head">
          <h2 id="title">${lesson?.title ?? ''}</h2>
          <button class="quiet square" aria-label="Put the lesson away" @click=${putLessonAway}>
            ${icon('x')}
          </button>
        </div>
        <p>${lesson?.teaches ?? ''}</p>
      </section>
    `;
  }
}
