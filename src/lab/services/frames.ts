/** Waiting for the screen, and not waiting for it when nobody looks. */

/** Settles at the next frame of a visible page, and within a quarter of a second in any case. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    if (document.hidden) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
      return;
    }
    const done = (): void => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      resolve();
    };
    const frame = requestAnimationFrame(done);
    const timer = setTimeout(done, 250);
  });
}

/** Milliseconds that one piece of work should stay below, and above which it may grow. */
const LONG = 40;
const SHORT = 12;
const MOST = 4096;

/** How many iterations to ask for at once: more while they are quick, fewer when they are slow. */
export class ChunkSize {
  #size = 8;

  get size(): number {
    return this.#size;
  }

  /** Learns from a piece of `count` iterations that took `milliseconds`. */
  learn(count: number, milliseconds: number): void {
    if (milliseconds > LONG) this.#size = Math.max(1, Math.floor((count * LONG) / milliseconds / 2));
    else if (milliseconds < SHORT && count >= this.#size) this.#size = Math.min(MOST, this.#size * 2);
  }
}
