/**
 * Layers that light up in their turn, in the iteration that is shown. None begins before the last has ended: lights that came faster
 * would flash. With reduced motion there are none.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { prefersReducedMotion } from '../../services/flash-guard';
import type { Turns } from './turns';

/** Milliseconds in which all layers light in turn. */
const LIGHT = 1000;

/** The light around a layer's frame, in the colour `--lane`. */
export function glow(frame: Element | null, timing: KeyframeAnimationOptions): readonly Animation[] {
  const ring = (width: number): string => `0 0 0 ${width}px var(--lane), 0 0 ${5 * width}px var(--lane)`;
  const light = frame?.animate({ boxShadow: [ring(0), ring(4), ring(0)] }, timing);
  return light ? [light] : [];
}

export class TurnLights implements ReactiveController {
  readonly #animate: (layer: number, timing: KeyframeAnimationOptions) => readonly Animation[];
  #lights: readonly Animation[] = [];
  #shown: { readonly iteration: number; readonly groups: Turns['groups'] } = { iteration: 0, groups: [] };
  /** The iteration that was lit last. */
  #lit = 0;

  /** @param animate lights one layer; its colour is `--lane` */
  constructor(
    host: ReactiveControllerHost,
    animate: (layer: number, timing: KeyframeAnimationOptions) => readonly Animation[],
  ) {
    this.#animate = animate;
    host.addController(this);
  }

  hostDisconnected(): void {
    for (const light of this.#lights) light.cancel();
    this.#lights = [];
  }

  /** To be told of every iteration that is shown. */
  show(iteration: number, groups: Turns['groups']): void {
    this.#shown = { iteration, groups };
    if (iteration !== this.#lit) this.#light();
  }

  #light(): void {
    if (this.#lights.some(({ playState }) => playState === 'running')) return;
    const { iteration, groups } = this.#shown;
    this.#lit = iteration;
    if (groups.length === 0 || prefersReducedMotion()) return;
    const duration = LIGHT / groups.length;
    this.#lights = groups.flatMap((group, turn) =>
      group.flatMap((l) => this.#animate(l, { delay: turn * duration, duration, easing: 'ease-in-out' })),
    );
    // What has moved on meanwhile is lit next.
    this.#lights.at(-1)?.finished.then(
      () => this.#shown.iteration !== this.#lit && this.#light(),
      () => undefined,
    );
  }
}
