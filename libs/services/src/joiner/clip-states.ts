import type { RecordEntry, Records } from '@primatrix/messaging';
import type { ClipState } from './clip-state.ts';

type Change = (state: ClipState) => ClipState;

/** A change that waits for its turn. */
interface Waiting {
  readonly change: Change;
  readonly resolve: (state: ClipState | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** States that are remembered; a few kB each. */
const maxKnown = 1_000;

/**
 * How far clips have come, by key, in NATS KV: changed only by who has seen the latest revision. What was written last is
 * remembered, so that the next change need not read it first; where somebody else was there meanwhile, the server says so.
 */
export class ClipStates {
  private readonly records: Records<ClipState>;
  private readonly known = new Map<string, RecordEntry<ClipState>>();
  /** Changes that came while one of the same clip is under way: they are made together. */
  private readonly waiting = new Map<string, Waiting[]>();

  constructor(records: Records<ClipState>) {
    this.records = records;
  }

  /** Begins a clip, anew where it was begun in an earlier round; what there is now, of somebody else too. */
  async begin(key: string, state: ClipState): Promise<ClipState | undefined> {
    const created = await this.records.create(key, state);
    if (created !== undefined) return this.remember(created).value;
    return this.change(key, (found) => (found.round < state.round ? state : found));
  }

  /** The state after a change, and after those that came with it; undefined where there is none. Repeated until nobody else changed it meanwhile. */
  change(key: string, change: Change): Promise<ClipState | undefined> {
    return new Promise((resolve, reject) => {
      const waiting = this.waiting.get(key);
      if (waiting !== undefined) return void waiting.push({ change, resolve, reject });
      this.waiting.set(key, [{ change, resolve, reject }]);
      void this.workThrough(key);
    });
  }

  /** Forgets a clip that is done with. */
  async remove(key: string): Promise<void> {
    this.known.delete(key);
    await this.records.remove(key);
  }

  private async workThrough(key: string): Promise<void> {
    for (let some = this.waiting.get(key) ?? []; some.length > 0; some = this.waiting.get(key) ?? []) {
      this.waiting.set(key, []);
      try {
        const state = await this.apply(key, some);
        for (const { resolve } of some) resolve(state);
      } catch (error) {
        this.known.delete(key);
        for (const { reject } of some) reject(error);
      }
    }
    this.waiting.delete(key);
  }

  private async apply(key: string, changes: readonly Waiting[]): Promise<ClipState | undefined> {
    for (;;) {
      const known = this.known.get(key);
      const found = known ?? (await this.records.get(key));
      if (found === undefined) return undefined;
      const value = changes.reduce((state, { change }) => change(state), found.value);
      if (value !== found.value) {
        const written = await this.records.update({ ...found, value });
        if (written !== undefined) return this.remember(written).value;
      } else if (known === undefined) return this.remember(found).value;
      // What is remembered may be old: that nothing is to be done is said only of what the server has.
      this.known.delete(key);
    }
  }

  private remember(entry: RecordEntry<ClipState>): RecordEntry<ClipState> {
    this.known.delete(entry.key);
    this.known.set(entry.key, entry);
    const [oldest] = this.known.keys();
    if (this.known.size > maxKnown && oldest !== undefined) this.known.delete(oldest);
    return entry;
  }
}
