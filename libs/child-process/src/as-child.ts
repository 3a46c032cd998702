/** What a module that `forkChild` started has of the process that started it. */
export interface ParentHandle<Settings, From> {
  readonly settings: Settings;
  /** Settles when the message is on its way; one that nobody is there to read is lost. */
  send(message: From): Promise<void>;
  /** Aborts when the parent closes the channel, or dies. */
  readonly stop: AbortSignal;
}

/** The beginning of a module that `forkChild` starts. Once a process. */
export function asChild<Settings, From>(): ParentHandle<Settings, From> {
  // Ctrl-C in a terminal reaches this process, too: its parent says when to stop.
  process.on('SIGINT', () => undefined);
  const stop = new AbortController();
  process.once('disconnect', () => stop.abort());
  return {
    settings: JSON.parse(process.argv[2] ?? '{}') as Settings,
    send: (message) =>
      new Promise((resolve) => {
        if (!process.connected || process.send === undefined) resolve();
        else process.send(message, () => resolve());
      }),
    stop: stop.signal,
  };
}
