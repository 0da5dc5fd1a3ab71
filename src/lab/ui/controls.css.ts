/** What buttons, fields and cards look like, shared by the elements that hold them. */
import { css } from 'lit';

export const controls = css`
  :host {
    display: block;
    min-width: 0;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  * {
    box-sizing: border-box;
  }
  h2,
  h3,
  p {
    margin: 0;
  }
  h2 {
    font-size: 0.95rem;
    font-weight: 650;
    letter-spacing: -0.005em;
  }
  h3 {
    font-size: 0.8rem;
    font-weight: 600;
    color: var(--text-muted);
  }
  .card {
    background: var(--surface-2);
    border: 1px solid var(--border);
    border-radius: var(--radius);
    box-shadow: var(--shadow);
    padding: calc(1.5 * var(--space)) calc(1.75 * var(--space));
    display: grid;
    gap: calc(1.25 * var(--space));
    align-content: start;
    min-width: 0;
  }
  .card > * {
    min-width: 0;
  }
  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    flex-wrap: wrap;
    gap: var(--space);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: calc(0.75 * var(--space));
    align-items: center;
  }
  .hint {
    color: var(--text-muted);
    font-size: 0.8rem;
  }
  button,
  select,
  input:not([type='range'], [type='checkbox']) {
    font: inherit;
    color: inherit;
    min-height: var(--control);
    border: 1px solid var(--border-strong);
    border-radius: var(--radius-small);
    background: var(--surface-2);
    padding: 0 10px;
    max-width: 100%;
  }
  select {
    padding: 0 4px 0 8px;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    cursor: pointer;
    font-weight: 520;
    border-color: var(--border);
    background: var(--surface-3);
  }
  @media (prefers-reduced-motion: no-preference) {
    button {
      transition: background 0.12s;
    }
  }
  button:hover:not(:disabled) {
    background: var(--accent-soft);
  }
  button:disabled {
    color: var(--text-muted);
    opacity: 0.6;
    cursor: default;
  }
  button[aria-pressed='true'] {
    background: var(--accent-soft);
    border-color: var(--accent);
    color: var(--accent-strong);
  }
  button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
    font-weight: 620;
  }
  button.primary:hover:not(:disabled) {
    background: var(--accent-strong);
  }
  button.quiet {
    background: transparent;
    border-color: transparent;
  }
  button.quiet:hover:not(:disabled) {
    background: var(--surface-3);
  }
  button.square {
    padding: 0;
    width: var(--control);
  }
  button svg {
    width: 16px;
    height: 16px;
    flex: none;
  }
  /* Colours that a person has set for all pages: what is chosen is told by theirs. */
  @media (forced-colors: active) {
    button[aria-pressed='true'],
    [aria-current='page'],
    [role='option'][aria-selected='true'] {
      forced-color-adjust: none;
      background: Highlight !important;
      border-color: Highlight !important;
      color: HighlightText !important;
    }
    [role='option'][aria-selected='false'] {
      border-color: Canvas;
    }
  }
  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  input[type='range'] {
    width: 100%;
    min-height: 24px;
    margin: 0;
    accent-color: var(--accent);
  }
  input[type='checkbox'] {
    width: 17px;
    height: 17px;
    margin: 0;
    accent-color: var(--accent);
  }
  label.check {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 24px;
  }
  @media (pointer: coarse) {
    input[type='range'],
    label.check {
      min-height: 40px;
    }
  }
`;
