/** A field of a form: its name above, what it holds below. Goes after `controls`. */
import { css } from 'lit';

export const fieldStyles = css`
  :host {
    display: grid;
    gap: 3px;
    align-content: start;
  }
  label {
    font-size: 0.8rem;
    font-weight: 550;
    color: var(--text-muted);
  }
`;
