import { css } from 'lit';

export const exportMenuStyles = css`
  :host {
    position: relative;
    display: inline-block;
    font-family: inherit;
  }
  :host([hidden]) {
    display: none;
  }
  .opener {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-height: var(--control, 34px);
    padding: 0 12px;
    font: inherit;
    font-weight: 500;
    color: var(--text, #16203a);
    background: var(--surface-2, #ffffff);
    border: 1px solid var(--border-strong, #7d879e);
    border-radius: var(--radius-small, 6px);
    cursor: pointer;
  }
  .opener:hover:not(:disabled) {
    border-color: var(--text, #16203a);
  }
  .opener:disabled {
    opacity: 0.55;
    cursor: not-allowed;
  }
  .opener:focus-visible {
    outline: 2px solid var(--focus, #2450c4);
    outline-offset: 2px;
  }
  .arrow {
    width: 10px;
    height: 10px;
  }
  [role='menu'] {
    position: absolute;
    z-index: 20;
    inset-block-start: calc(100% + 4px);
    inset-inline-start: 0;
    min-width: 200px;
    margin: 0;
    padding: 4px;
    background: var(--surface-2, #ffffff);
    color: var(--text, #16203a);
    border: 1px solid var(--border, #d5dae4);
    border-radius: var(--radius, 10px);
    box-shadow: 0 8px 28px rgb(0 0 0 / 18%);
  }
  [role='menu'].end {
    inset-inline: auto 0;
  }
  [role='menu'][hidden] {
    display: none;
  }
  [role='menuitem'] {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: var(--control, 34px);
    width: 100%;
    padding: 0 12px;
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    border-radius: var(--radius-small, 6px);
    white-space: nowrap;
    cursor: pointer;
  }
  [role='menuitem']:hover {
    background: var(--surface-3, #e9ecf2);
  }
  [role='menuitem']:focus-visible {
    outline: 2px solid var(--focus, #2450c4);
    outline-offset: -2px;
  }
`;
