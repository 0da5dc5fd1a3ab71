/** A thread of the page. */
import type { Thread } from './thread';

export function startPageThread(): Thread {
  const worker = new Worker(new URL('./cpu-worker.ts', import.meta.url), {
    type: 'module',
    name: 'cpu engine',
  });
  const failed = new Promise<string>((resolve) => {
    worker.addEventListener('error', ({ message }) =>
      resolve(message || 'its script could not be loaded, or it has ended'),
    );
  });
  return { endpoint: worker, failed, terminate: () => worker.terminate() };
}
