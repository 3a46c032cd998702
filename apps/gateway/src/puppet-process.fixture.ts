/** A child process whose life a test decides: what it says, and when it ends. */
export class PuppetProcess<Settings, Message> {
  readonly settings: Settings;
  say: (message: Message) => void = () => undefined;
  die: () => void = () => undefined;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  onMessage(listen: (message: Message) => void): void {
    this.say = listen;
  }

  onExit(listen: () => void): void {
    this.die = listen;
  }

  stop(): Promise<void> {
    this.die();
    return Promise.resolve();
  }
}
