/** What every view with a stage has: it follows what is asked while it is open, and lies on the page in the same way. */
import { LitElement, css } from 'lit';
import { nextTask } from '../../../services/frames';
import { followStage, type StageSource } from '../follow';
import { onStageKey } from '../keys';
import type { LaneRecord } from '../stage-state';

/** Of `main`: what is asked (`.asked`), the cue (`.cue`), `.lanes`, `stage-charts`, and `stage-transport`. */
export const pageStyles = css`
  :host {
    flex: 1;
    display: grid;
  }
  main {
    position: relative;
    display: grid;
    gap: calc(1.5 * var(--space)) calc(3.5 * var(--space));
    padding: calc(1.5 * var(--space)) clamp(16px, 3.5vw, 56px) 0;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    max-width: 1800px;
    width: 100%;
    margin: 0 auto;
  }
  .asked {
    display: grid;
    gap: var(--space);
    min-width: 0;
  }
  .spoken {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .notice {
    align-self: center;
    color: var(--text-muted);
  }
  stage-transport {
    position: sticky;
    bottom: 0;
    z-index: 5;
    margin: 0 -8px;
    padding: var(--space) 8px max(var(--space), env(safe-area-inset-bottom));
    background: var(--surface);
    border-top: 1px solid var(--border);
  }
  @media (min-width: 900px) {
    main {
      grid-template-columns: clamp(264px, 21vw, 330px) minmax(0, 1fr);
      /* With large letters the page scrolls, sooner than that the charts have no room. */
      grid-template-rows: auto max-content minmax(15rem, 1fr) auto;
    }
    .asked,
    stage-transport {
      grid-column: 1 / -1;
    }
    .cue {
      grid-row: 2 / 4;
      grid-column: 1;
    }
  }
  /* Everything at once where the window is high enough: the charts take what is left, and what lies below the cue scrolls. */
  @media (min-width: 900px) and (min-height: 640px) {
    :host {
      min-height: 0;
    }
    main {
      height: 100%;
      min-height: 0;
    }
    .cue,
    stage-charts {
      min-height: 0;
    }
  }
  @media (max-width: 899px) {
    .cue {
      order: 1;
    }
    stage-transport {
      order: 2;
    }
  }
  @media (max-width: 720px) {
    main {
      padding: var(--space) 12px 0;
      gap: var(--space);
    }
  }
`;

export abstract class StagePage<R extends LaneRecord> extends LitElement {
  protected abstract readonly source: StageSource<R>;
  /** What is asked, the first to take the focus. */
  protected abstract readonly words: string;
  private unfollow: (() => void) | undefined;

  /** First when all has been loaded, which takes a good part of a task. */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await nextTask();
    await super.scheduleUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.unfollow = followStage(this.source);
    addEventListener('keydown', onStageKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unfollow?.();
    removeEventListener('keydown', onStageKey);
  }

  /** The first word of what is asked takes the focus; not by `delegatesFocus`, with which every click would give it. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>(this.words)?.focus();
  }

  /** The button that plays takes the focus. */
  focusTime(): void {
    this.renderRoot.querySelector<HTMLElement>('stage-transport')?.focus();
  }
}
