/** What the lesson that is on teaches, above the lanes that show it. */
import { LitElement, css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Lesson } from '../../../experiments/lessons';
import { putLessonAway } from '../../actions/lessons';
import { StoreController } from '../../store-controller';
import { controls } from '../../ui/controls.css';
import { icon } from '../../ui/icons';

@customElement('lesson-card')
export class LessonCard extends LitElement {
  static override styles = [
    controls,
    css`
      .card {
        border-left: 4px solid var(--accent);
        padding: var(--space) calc(1.5 * var(--space));
        gap: 2px;
      }
      h2 {
        font-size: 1rem;
      }
      .head {
        flex-wrap: nowrap;
      }
    `,
  ];

  private begun: Lesson | null = null;
  private readonly lesson = new StoreController(this, (state) => state.lesson);

  protected override updated(): void {
    const lesson = this.lesson.value;
    if (lesson && lesson !== this.begun) this.scrollIntoView({ block: 'nearest' });
    this.begun = lesson;
  }

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
