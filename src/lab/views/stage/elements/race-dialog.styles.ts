import { css } from 'lit';

export const raceStyles = css`
  :host {
    --chart-surface: var(--surface-2);
  }
  dialog {
    width: min(1180px, calc(100vw - 32px));
    max-width: none;
    max-height: calc(100dvh - 32px);
    padding: 0 calc(2.5 * var(--space)) calc(2.5 * var(--space));
    overscroll-behavior: contain;
  }
  /* As high as it will be from the start of a race on. */
  .tall {
    height: min(960px, calc(100dvh - 32px));
  }
  dialog > .head {
    position: sticky;
    top: 0;
    z-index: 3;
    flex-wrap: nowrap;
    padding: calc(1.5 * var(--space)) 0 var(--space);
    background: var(--surface-2);
  }
  dialog > .head h2 {
    flex: 1;
    font-size: 1.15rem;
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(130px, 1fr));
    gap: var(--space) calc(1.5 * var(--space));
  }
  .fields[inert] {
    opacity: 0.6;
  }
  .go {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: var(--space) calc(1.5 * var(--space));
    margin-top: calc(1.5 * var(--space));
  }
  .go button {
    min-width: 9.5em;
  }
  .go p {
    flex: 1 1 220px;
    font-size: 0.875rem;
    font-variant-numeric: tabular-nums;
  }
  .way {
    flex: 1 1 260px;
    display: grid;
    gap: 2px;
    font-variant-numeric: tabular-nums;
  }
  progress {
    width: 100%;
    height: 8px;
    accent-color: var(--accent);
  }
  .bad {
    color: var(--bad);
  }
  .spoken {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .about {
    max-width: 66ch;
    margin-top: calc(1.5 * var(--space));
    font-size: 0.9rem;
  }
  .results {
    display: grid;
    gap: calc(2.5 * var(--space));
    grid-template-columns: minmax(0, 1fr);
    margin-top: calc(1.5 * var(--space));
    --chart-height: 300px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 6px 12px;
    text-align: end;
    white-space: nowrap;
    border-bottom: 1px solid var(--border);
  }
  thead th {
    font-size: 0.8rem;
    font-weight: 550;
    color: var(--text-muted);
  }
  th:first-child {
    padding-inline-start: 0;
    text-align: start;
  }
  tbody th {
    font-weight: 600;
  }
  td b {
    font-weight: 650;
  }
  .swatch {
    margin-inline-end: 8px;
    vertical-align: middle;
  }
  table + p {
    margin-top: 6px;
  }
  @media (max-width: 720px) {
    dialog,
    .tall {
      width: 100vw;
      height: 100dvh;
      max-height: none;
      margin: 0;
      padding-inline: 14px;
      border: none;
      border-radius: 0;
    }
    .fields {
      grid-template-columns: repeat(6, minmax(0, 1fr));
    }
    .fields > * {
      grid-column: span 2;
    }
    .fields > :nth-child(-n + 2) {
      grid-column: span 3;
    }
    .go button {
      flex: 1 0 100%;
    }
    .results {
      --chart-height: 260px;
    }
    th,
    td {
      padding-inline: 5px 0;
    }
    thead th {
      white-space: normal;
    }
    td .hint {
      display: block;
    }
    .swatch {
      display: block;
    }
  }
`;
