/** Work that takes a good part of a frame, one piece a frame. */

const waiting = new Set<() => void>();
let frame = 0;

function next(): void {
  const [work] = waiting;
  frame = 0;
  if (!work) return;
  waiting.delete(work);
  if (waiting.size > 0) frame = requestAnimationFrame(next);
  work();
}

/**
 * Does this in a frame of its own, after what has been waiting longer.
 * @returns takes it back, where it has not been done
 */
export function inTurn(work: () => void): () => void {
  waiting.add(work);
  frame ||= requestAnimationFrame(next);
  return () => waiting.delete(work);
}
