import { fork } from 'node:child_process';
import type { FromRefit, RefitSettings } from './refit-messages.ts';

/** A process that fits the second level again. */
export interface RefitHandle {
  onMessage(listen: (message: FromRefit) => void): void;
  onExit(listen: () => void): void;
  /** Settles when it has ended. */
  stop(): Promise<void>;
}

/** Starts it. */
export function forkRefit(settings: RefitSettings): RefitHandle {
  const child = fork(new URL('./refit-process.js', import.meta.url), [JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  // What it sent last may come after its exit, but not after the channel is closed.
  const ended = Promise.all(
    ['exit', 'disconnect'].map((event) => new Promise((resolve) => child.once(event, resolve))),
  ).then(() => undefined);
  return {
    onMessage: (listen) => void child.on('message', listen),
    onExit: (listen) => void ended.then(listen),
    async stop() {
      if (child.connected) child.disconnect();
      // A native library may be slow to notice; the new bundle appears whole or not at all.
      const patience = setTimeout(() => child.kill('SIGKILL'), 3000);
      await ended;
      clearTimeout(patience);
    },
  };
}
