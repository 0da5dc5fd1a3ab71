/** How many states to ask a run for at once: more while answers are quick, fewer when they are slow. */
export class ChunkSize {
  private now: number;

  /**
   * @param first states of the first request
   * @param most states of any request
   * @param longest milliseconds that an answer should stay below; below 0.3 of it, requests grow
   */
  constructor(
    private readonly options: { readonly first: number; readonly most: number; readonly longest: number },
  ) {
    this.now = options.first;
  }

  get size(): number {
    return this.now;
  }

  /** Learns from an answer of `count` states that took `milliseconds`. */
  learn(count: number, milliseconds: number): void {
    const { most, longest } = this.options;
    if (milliseconds > longest) this.now = Math.max(1, Math.floor((count * longest) / milliseconds / 2));
    else if (milliseconds < 0.3 * longest && count >= this.now) this.now = Math.min(most, this.now * 2);
  }
}
