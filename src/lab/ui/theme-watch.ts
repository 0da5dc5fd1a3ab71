/** Tells an element that draws with the theme's colours when they have changed. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class ThemeWatch implements ReactiveController {
  readonly #observer: MutationObserver;

  constructor(host: ReactiveControllerHost, changed: () => void) {
    this.#observer = new MutationObserver(changed);
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }
}
