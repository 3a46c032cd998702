import { fork, type SerializationType } from 'node:child_process';

/** A process of our own that works beside this one. */
export interface ChildHandle<From, To = never> {
  /** What is sent to one that has ended is lost. */
  send(message: To): void;
  onMessage(listen: (message: From) => void): void;
  /** Called once it has ended and all it sent has been told. */
  onExit(listen: () => void): void;
  /** Asks it to end, and kills it where it does not; settles when it has ended. */
  stop(): Promise<void>;
}

/** How a child process is started. */
export interface ForkOptions {
  /** Given to it as its only argument, in JSON. */
  readonly settings: unknown;
  /** How long it may take to end when it is stopped, milliseconds. */
  readonly patienceMs: number;
  /** Default JSON; `advanced` also takes bytes and typed arrays. */
  readonly serialization?: SerializationType;
}

/** Starts a module as a process of its own. It ends when its channel is closed, also where this process dies. */
export function forkChild<From, To = never>(
  module: URL,
  { settings, patienceMs, serialization = 'json' }: ForkOptions,
): ChildHandle<From, To> {
  const child = fork(module, [JSON.stringify(settings)], {
    // Node's own flags of this process are not the child's.
    execArgv: [],
    serialization,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  // Not `close`: it does not come where we have closed the channel ourselves. What it sent last may come after its exit,
  // but not after the channel is closed.
  const ended = Promise.all(
    ['exit', 'disconnect'].map((event) => new Promise((resolve) => child.once(event, resolve))),
  ).then(() => undefined);
  return {
    send: (message) => void (child.connected && child.send(message as never)),
    onMessage: (listen) => void child.on('message', listen),
    onExit: (listen) => void ended.then(listen),
    async stop() {
      if (child.connected) child.disconnect();
      const patience = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      await ended;
      clearTimeout(patience);
    },
  };
}
