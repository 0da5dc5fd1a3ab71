/** What every dialog looks like from outside. */
import { css } from 'lit';

export const dialogFrame = css`
  dialog {
    overflow: auto;
    border: 1px solid var(--border-strong);
    border-radius: var(--radius);
    background: var(--surface-2);
    color: var(--text);
  }
  dialog::backdrop {
    background: rgb(8 12 24 / 45%);
  }
`;
