import { setTimeout as sleep } from 'node:timers/promises';
import { ClipWorker, type FromWorker, type LevelPredictor, type WorkerHandle } from '@primatrix/gateway';
import { BusError } from '@primatrix/messaging';
import { ClipCache, RemotePredictor } from '@primatrix/services';
import { installedFamilies } from '../installed-families.ts';
import { openBroker, type Broker } from './open-broker.ts';

/** Clips that are with the services at once; the others wait here. */
const clipsOnTheirWay = 500;
/** How often it is looked for services that are missing, and tried again what the broker does not do; milliseconds. */
const lookMs = 5_000;

/** Faults of the broker that may pass. */
const mending: ReadonlySet<string> = new Set([
  'BUS_UNREACHABLE',
  'BUS_REFUSED',
  'BUS_TIMEOUT',
  'BUS_FULL',
  'BUS_STORAGE',
]);

export interface RemoteWorkerSettings {
  /** Folder of the bundle. */
  readonly bundle: string;
  /** Where the first level's records are kept; also names the run: who starts again with it goes on where it was. */
  readonly records: string;
  /** Where services keep tensors; default as for `serve`. */
  readonly store: string | undefined;
  /** Copies that a cluster of brokers keeps. */
  readonly replicas?: number | undefined;
}

interface Opened {
  readonly worker: ClipWorker;
  readonly predictor: RemotePredictor;
  readonly broker: Broker;
}

/**
 * Has services predict the clips of a project. It waits for a broker that is away and for services that nobody has started,
 * however long, and says so. It runs in the gateway's own process: nets, decoders and stackers are elsewhere.
 */
export class RemoteWorker implements WorkerHandle {
  private readonly settings: RemoteWorkerSettings;
  private readonly listeners: ((message: FromWorker) => void)[] = [];
  private readonly stopping = new AbortController();
  private readonly opened: Promise<Opened | undefined>;
  private readonly looking: Promise<void>;
  private waitsFor: string | null = null;
  private busy = true;

  constructor(settings: RemoteWorkerSettings) {
    this.settings = settings;
    this.opened = this.open().catch((error: unknown) => {
      if (!this.stopping.signal.aborted) {
        this.say({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
      }
      return undefined;
    });
    this.looking = this.opened
      .then((opened) => (opened === undefined ? undefined : this.lookForServices(opened)))
      .catch(() => {});
  }

  send(message: Parameters<WorkerHandle['send']>[0]): void {
    this.busy = true;
    void this.opened.then((opened) => opened?.worker.take(message));
  }

  onMessage(listen: (message: FromWorker) => void): void {
    this.listeners.push(listen);
  }

  /** It ends when it is stopped, and not before. */
  onExit(): void {}

  async stop(): Promise<void> {
    this.stopping.abort();
    const opened = await this.opened;
    if (opened === undefined) return;
    const { worker, predictor, broker } = opened;
    // What waits for a broker that is away would do so for a minute.
    if (!broker.bus.connected) await broker.bus.connection.close();
    await this.looking;
    await worker[Symbol.asyncDispose]();
    await predictor.dispose();
  }

  private async open(): Promise<Opened> {
    const { bundle, records } = this.settings;
    const { signal } = this.stopping;
    return this.persistently(async () => {
      const broker = await openBroker(this.settings, {
        command: 'serve',
        waitSeconds: Infinity,
        say: () => this.wait('the broker: no NATS server answers'),
        signal,
      });
      try {
        const predictor = await RemotePredictor.open({
          bus: broker.bus,
          store: broker.store,
          cache: new ClipCache(),
          bundle,
          families: await installedFamilies(),
          run: records,
          policy: null,
        });
        const levels: LevelPredictor = {
          firstLevel: (file, clipSignal, { onStage, again, trace }) =>
            this.persistently(() =>
              predictor.firstLevel(file, clipSignal, { onStage: (stage) => onStage(stage), again, trace }),
            ),
          secondLevel: (clips, clipSignal) => this.persistently(() => predictor.secondLevel(clips, clipSignal)),
        };
        const worker = await ClipWorker.open(levels, records, (message) => this.say(message), {
          atOnce: clipsOnTheirWay,
        });
        this.wait(null);
        this.say({ type: 'ready', warnings: predictor.warnings });
        return { worker, predictor, broker };
      } catch (error) {
        await broker.bus.close();
        throw error;
      }
    });
  }

  /** Repeats what can be repeated until the broker does it: the same request under the same name is one piece of work. */
  private async persistently<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof BusError) || !mending.has(error.code)) throw error;
        this.stopping.signal.throwIfAborted();
        this.wait(`the broker: ${error.message}`);
        await sleep(lookMs, undefined, { signal: this.stopping.signal });
      }
    }
  }

  private async lookForServices({ predictor, broker: { bus } }: Opened): Promise<void> {
    for (;;) {
      if (!bus.connected) this.wait('the broker: the connection is lost');
      else if (this.busy) {
        // Without an answer to this, the next look tells.
        const missing = await predictor.silent().catch(() => []);
        if (this.busy) this.wait(missing.length === 0 ? null : `services: ${missing.join(', ')}`);
      } else this.wait(null);
      await sleep(lookMs, undefined, { signal: this.stopping.signal });
    }
  }

  private wait(what: string | null): void {
    if (what === this.waitsFor) return;
    this.waitsFor = what;
    this.say({ type: 'waits', what });
  }

  private say(message: FromWorker): void {
    if (message.type === 'idle' || message.type === 'failed') this.busy = false;
    for (const listen of this.listeners) listen(message);
    if (message.type === 'idle') this.wait(null);
  }
}
