/**
 * Keeps a picture that changes from flashing: no more than three large changes a second, and so fewer than the three flashes of
 * WCAG 2.3.1, each of which is two.
 */

/** Milliseconds between two large changes. */
export const BETWEEN_FLASHES = 1000 / 3;

/** A change is large from this share of the distance from paper to ink on, taken over all pixels. */
const LARGE = 0.1;

/** From paper (−1) to ink (+1). */
const PAPER_TO_INK = 2;

export class FlashGuard {
  #shown: ArrayLike<number> | null = null;
  #lastLarge = -Infinity;

  /**
   * Milliseconds to wait before this picture may be shown.
   * @param picture ρ of the visible layer, [pixels]
   */
  delay(picture: ArrayLike<number>, now: number): number {
    return this.#isLarge(picture) ? Math.max(0, this.#lastLarge + BETWEEN_FLASHES - now) : 0;
  }

  /** To be told of every picture that is shown. */
  showed(picture: ArrayLike<number>, now: number): void {
    if (this.#isLarge(picture)) this.#lastLarge = now;
    this.#shown = picture;
  }

  #isLarge(picture: ArrayLike<number>): boolean {
    const shown = this.#shown;
    if (shown === null || shown.length !== picture.length) return false;
    const light = (value: number): number => Math.max(-1, Math.min(1, Number.isFinite(value) ? value : 0));
    let sum = 0;
    for (let i = 0; i < picture.length; i++) sum += Math.abs(light(picture[i] ?? 0) - light(shown[i] ?? 0));
    return sum >= LARGE * PAPER_TO_INK * picture.length;
  }
}

/** Whether the person has asked for little motion. */
export function prefersReducedMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
