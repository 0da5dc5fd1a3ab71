import { css } from 'lit';

export const runChartStyles = css`
  :host {
    display: block;
    min-width: 0;
    color: var(--text, #16203a);
    font-family: inherit;
  }
  :host([hidden]) {
    display: none;
  }
  * {
    box-sizing: border-box;
  }
  header {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: calc(var(--space, 8px) * 0.75);
    min-height: 32px;
    margin-bottom: 6px;
  }
  h2 {
    margin: 0;
    flex: 1;
    font-size: 1rem;
    font-weight: 600;
    letter-spacing: -0.01em;
  }
  button,
  select {
    font: inherit;
    font-size: 0.8125rem;
    font-weight: 500;
    color: var(--text, #16203a);
    background: transparent;
    border: 1px solid var(--border, #d5dae4);
    border-radius: var(--radius-small, 6px);
    padding: 4px 10px;
    min-height: 30px;
    cursor: pointer;
  }
  select {
    min-width: 0;
    padding: 4px 2px 4px 6px;
    text-overflow: ellipsis;
    background: var(--surface-2, #ffffff);
  }
  /* In one line as long as a choice has room for a word: what is chosen gives way. */
  @media (max-width: 720px) {
    h2 {
      flex: none;
      margin-inline-end: auto;
    }
    select {
      flex: 1 1 5.5em;
      max-width: max-content;
    }
    button {
      flex: none;
    }
  }
  button:hover,
  select:hover {
    border-color: var(--text-muted, #515c77);
  }
  button[aria-expanded='true'] {
    color: var(--accent, #2450c4);
    border-color: currentcolor;
  }
  button:focus-visible,
  select:focus-visible,
  .numbers:focus-visible {
    outline: 2px solid var(--focus, #2450c4);
    outline-offset: 2px;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    margin: 0 0 6px;
    padding: 0;
    list-style: none;
    font-size: 0.8125rem;
    color: var(--text-muted, #515c77);
  }
  .legend li {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
  }
  .legend span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    max-width: 34ch;
  }
  .swatch {
    flex: none;
  }
  .plot {
    position: relative;
    height: var(--chart-height, 260px);
    min-width: 0;
  }
  canvas {
    /* A finger that goes up or down moves the page, one that goes along moves time. */
    touch-action: pan-y;
    position: absolute;
    inset: 0;
  }
  /* Chart.js gives its canvas a display of its own. */
  canvas[hidden] {
    display: none !important;
  }
  .empty {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    margin: 0;
    padding: 16px;
    text-align: center;
    font-size: 0.875rem;
    color: var(--text-muted, #515c77);
    border: 1px dashed var(--border, #d5dae4);
    border-radius: var(--radius, 10px);
  }
  .numbers {
    max-height: 280px;
    margin-top: var(--space, 8px);
    overflow: auto;
    border: 1px solid var(--border, #d5dae4);
    border-radius: var(--radius-small, 6px);
  }
  table {
    width: 100%;
    border-collapse: separate;
    border-spacing: 0;
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
  }
  caption {
    padding: 8px 12px;
    text-align: start;
    color: var(--text-muted, #515c77);
  }
  th,
  td {
    padding: 3px 12px;
    text-align: end;
    white-space: nowrap;
    border-top: 1px solid var(--border, #d5dae4);
  }
  th {
    font-weight: 500;
    max-width: 24ch;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  th:first-child {
    text-align: start;
  }
  tbody th {
    color: var(--text-muted, #515c77);
  }
  thead th {
    position: sticky;
    top: 0;
    z-index: 1;
    background: var(--surface-2, #ffffff);
    border-bottom: 1px solid var(--border, #d5dae4);
  }
`;
