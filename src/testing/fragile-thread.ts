/** A thread that is none: a service at the other end of a channel, which can be made to fail. For tests only. */
import { expose } from 'comlink';
import { afterEach } from 'vitest';
import type { Thread } from '../engine/worker/thread';

const ports: MessagePort[] = [];

afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A thread, and what makes it fail. From then on it answers nothing. */
export function fragileThread(service: object): {
  readonly thread: Thread;
  readonly fail: (why: string) => void;
} {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  expose(service, port1);
  let fail: (why: string) => void = () => undefined;
  const failed = new Promise<string>((resolve) => {
    fail = (why) => {
      port1.close();
      resolve(why);
    };
  });
  return { thread: { endpoint: port2, failed, terminate: () => undefined }, fail };
}
