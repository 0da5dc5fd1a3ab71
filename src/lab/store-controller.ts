/** Ties an element to the part of the store that it shows: it renders again when that part changes. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { shallow } from 'zustand/vanilla/shallow';
import { store, type LabState } from './store';

export class StoreController<T> implements ReactiveController {
  value: T;
  #unsubscribe: (() => void) | undefined;
  readonly #host: ReactiveControllerHost;
  readonly #select: (state: LabState) => T;

  constructor(host: ReactiveControllerHost, select: (state: LabState) => T) {
    this.#host = host;
    this.#select = select;
    this.value = select(store.getState());
    host.addController(this);
  }

  hostConnected(): void {
    this.#take(store.getState());
    this.#unsubscribe = store.subscribe((state) => this.#take(state));
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
  }

  #take(state: LabState): void {
    const next = this.#select(state);
    if (shallow(next, this.value)) return;
    this.value = next;
    this.#host.requestUpdate();
  }
}
