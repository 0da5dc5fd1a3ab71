/** A row of controls as one stop of the Tab key, with the arrows between them: the roving tabindex of the ARIA practices. */
import type { LitElement, ReactiveController } from 'lit';

/** Lets the Tab key stop at a control, or pass it by. */
type Mark<T> = (control: T, stops: boolean) => void;

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

export class Roving<T extends HTMLElement> implements ReactiveController {
  readonly #host: LitElement;
  readonly #controls: () => readonly T[];
  readonly #mark: Mark<T>;
  /** Where the Tab key stops: the control that had the focus last. */
  #stop: T | undefined;

  /** @param controls those of the row that can have the focus now, from left to right */
  constructor(
    host: LitElement,
    controls: () => readonly T[],
    mark: Mark<T> = (control, stops) => (control.tabIndex = stops ? 0 : -1),
  ) {
    this.#host = host;
    this.#controls = controls;
    this.#mark = mark;
    host.addController(this);
  }

  hostConnected(): void {
    // Within the element: a move of the focus from one of its controls to another is not seen outside.
    const { renderRoot } = this.#host;
    renderRoot.addEventListener('focusin', this.#onFocus);
    renderRoot.addEventListener('keydown', this.#onKey);
  }

  hostDisconnected(): void {
    const { renderRoot } = this.#host;
    renderRoot.removeEventListener('focusin', this.#onFocus);
    renderRoot.removeEventListener('keydown', this.#onKey);
  }

  hostUpdated(): void {
    const controls = this.#controls();
    const stop = controls.find((control) => control === this.#stop) ?? controls[0];
    for (const control of controls) this.#mark(control, control === stop);
  }

  readonly #onFocus = (event: Event): void => {
    const path = event.composedPath();
    const control = this.#controls().find((each) => path.includes(each));
    if (!control) return;
    this.#stop = control;
    this.hostUpdated();
  };

  readonly #onKey = (event: Event): void => {
    if (!(event instanceof KeyboardEvent)) return;
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const path = event.composedPath();
    const controls = this.#controls();
    const at = controls.findIndex((each) => path.includes(each));
    if (at < 0) return;
    event.preventDefault();
    // Elsewhere on the page the arrows are something else.
    event.stopPropagation();
    controls.at((at + step) % controls.length)?.focus();
  };
}
