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

/** Settles in a task of its own, so that what comes is not added to what was. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
